//! The path validation suite of NIST: every row of its table a test, through the library.
//!
//! Each row is a signed mail, which carries its certificates and CRLs, with the inputs of RFC 5280
//! section 6.1.1. The table here adds what the suite has no words for: the exact reasons, each with
//! the depth of its certificate.

use std::sync::OnceLock;

use smime::crypto::digest::WeakDigests;
use smime::pki::{
    Certificate, CertificateList, CertificatePool, ListPool, Oid, PathReport, PathRequest,
    PolicyInputs, Purpose, Revocation, Strictness, validate_path,
};
use smime::smime::Input;
use smime::smime::chain::{self, OpenKind};
use smime::smime::lookup::NoKeys;
use smime::source::Source;
use smime::time::Time;

use crate::certificates::certificate;
use crate::corpora;
use crate::paths::reasons;

mod mails;

/// One row of the suite's table.
struct Row {
    mail: String,
    signer: String,
    test: String,
    acceptable: Vec<Oid>,
    explicit: bool,
    inhibit_mapping: bool,
    inhibit_any: bool,
    valid: bool,
}

/// The whole table; empty where there are no corpora.
fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let Some(folder) = corpora() else {
            return Vec::new();
        };
        let table = std::fs::read_to_string(folder.join("pkits/expected.tsv")).unwrap();
        table.lines().skip(1).map(row).collect()
    })
}

fn row(line: &str) -> Row {
    let columns: Vec<&str> = line.split('\t').collect();
    let flag = |column: usize| match columns[column] {
        "True" => true,
        "False" => false,
        other => panic!("{other}"),
    };
    Row {
        mail: columns[0].trim_end_matches(".eml").to_owned(),
        signer: columns[1].to_owned(),
        test: columns[3].to_owned(),
        acceptable: match columns[4] {
            "any" => Vec::new(),
            policies => policies
                .split(',')
                .map(|oid| oid.parse().unwrap())
                .collect(),
        },
        explicit: flag(5),
        inhibit_mapping: flag(6),
        inhibit_any: flag(7),
        valid: columns[8] == "valid",
    }
}

/// Judges a row and compares: the verdict with the suite's, the reasons with the ones given.
fn check(name: &str, mail: &str, expected: &str) {
    let test = name.trim_end_matches("_in_the_other_mail");
    let found = rows()
        .iter()
        .find(|row| row.test == test && row.mail == mail);
    let Some(row) = found else {
        assert!(rows().is_empty(), "the table has no row {test} of {mail}");
        return;
    };
    let report = judge(row);
    assert_eq!(reasons(&report), expected, "{:?}", report.tried);
    assert_eq!(report.trusted, row.valid);
}

fn judge(row: &Row) -> PathReport {
    let folder = corpora().unwrap().join("pkits");
    let leaf = certificate(&folder.join("certs").join(&row.signer));
    let inputs = PolicyInputs {
        acceptable: &row.acceptable,
        require_explicit: row.explicit,
        inhibit_mapping: row.inhibit_mapping,
        inhibit_any: row.inhibit_any,
    };
    judge_mail(&row.mail, &leaf, inputs)
}

/// Judges a certificate by what its mail carries and the suite's trust anchor.
fn judge_mail(mail: &str, leaf: &Certificate, policies: PolicyInputs<'_>) -> PathReport {
    let folder = corpora().unwrap().join("pkits");
    let anchor = certificate(&folder.join("TrustAnchorRootCertificate.pem"));
    let message = std::fs::read(folder.join(format!("smime/{mail}.eml"))).unwrap();
    let chain = chain::open(Input::Message(Source::from_bytes(message)), &NoKeys).unwrap();
    let OpenKind::Signed { signed_data, .. } = &chain.layers[0].kind else {
        panic!("{mail} is not signed");
    };
    let carried = signed_data.certificates.iter();
    let carried: Vec<Certificate> = carried
        .map(|der| Certificate::decode(der).unwrap())
        .collect();
    let lists = signed_data.crls.iter();
    let lists: Vec<CertificateList> = lists
        .filter_map(|der| CertificateList::decode(der).ok())
        .collect();
    validate_path(&PathRequest {
        certificate: leaf,
        issuers: &CertificatePool::new([anchor], []),
        extra: &carried,
        time: Time::parse_rfc3339("2026-11-24").unwrap(),
        purpose: Purpose::Any,
        // The DSA certificates of the suite are signed with SHA-1.
        sha1: WeakDigests::AcceptSha1,
        revocation: Some(Revocation {
            strictness: Strictness::Hard,
            source: &ListPool::new([]),
            carried: &lists,
        }),
        policies,
    })
}

macro_rules! suite {
    ($($name:ident $mail:literal $expected:literal)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name), $mail, $expected);
            }
        )*

        /// The table and the suite's have the same rows.
        #[test]
        fn every_row_is_a_test() {
            let tests = [$((stringify!($name).trim_end_matches("_in_the_other_mail"), $mail)),*];
            assert_eq!(tests.len(), 252);
            for row in rows() {
                let is_row = |(test, mail): &(&str, &str)| *test == row.test && *mail == row.mail;
                assert_eq!(tests.iter().filter(|test| is_row(test)).count(), 1, "{}", row.test);
            }
        }
    };
}

suite! {
    // 4.1 signatures
    valid_signatures_test1 "SignedAllCertificatesSamePolicyTest1" ""
    valid_signatures_test1_in_the_other_mail "SignedValidSignaturesTest1" ""
    invalid_ca_signature_test2 "SignedInvalidCASignatureTest2" "1 path.signature-invalid"
    invalid_ee_signature_test3 "SignedInvalidEESignatureTest3" "0 path.signature-invalid"
    valid_dsa_signatures_test4 "SignedValidDSASignaturesTest4" ""
    invalid_dsa_signature_test6 "SignedInvalidDSASignatureTest6" "0 path.signature-invalid"

    // 4.2 validity periods
    invalid_ca_notbefore_date_test1 "SignedInvalidCAnotBeforeDateTest1" "1 cert.not-yet-valid"
    invalid_ee_notbefore_date_test2 "SignedInvalidEEnotBeforeDateTest2" "0 cert.not-yet-valid"
    valid_pre2000_utc_notbefore_date_test3 "SignedValidpre2000UTCnotBeforeDateTest3" ""
    valid_generalizedtime_notbefore_date_test4 "SignedValidGeneralizedTimenotBeforeDateTest4" ""
    invalid_ca_notafter_date_test5 "SignedInvalidCAnotAfterDateTest5" "1 cert.expired"
    invalid_ee_notafter_date_test6 "SignedInvalidEEnotAfterDateTest6" "0 cert.expired"
    invalid_pre2000_utc_ee_notafter_date_test7 "SignedInvalidpre2000UTCEEnotAfterDateTest7" "0 cert.expired"
    valid_generalizedtime_notbefore_date_test8 "SignedValidGeneralizedTimenotAfterDateTest8" ""

    // 4.3 name chaining
    invalid_name_chaining_ee_test1 "SignedInvalidNameChainingEETest1" "0 path.intermediate-missing"
    invalid_name_chaining_order_test2 "SignedInvalidNameChainingOrderTest2" "0 path.intermediate-missing"
    valid_name_chaining_whitespace_test3 "SignedValidNameChainingWhitespaceTest3" ""
    valid_name_chaining_whitespace_test4 "SignedValidNameChainingWhitespaceTest4" ""
    valid_name_chaining_capitalization_test5 "SignedValidNameChainingCapitalizationTest5" ""
    valid_name_chaining_uids_test6 "SignedValidNameChainingUIDsTest6" ""
    valid_rfc3280_mandatory_attribute_types_test7 "SignedValidRFC3280MandatoryAttributeTypesTest7" ""
    valid_rfc3280_optional_attribute_types_test8 "SignedValidRFC3280OptionalAttributeTypesTest8" ""
    valid_utf8string_encoded_names_test9 "SignedValidUTF8StringEncodedNamesTest9" ""
    valid_rollover_from_printablestring_to_utf8string_test10 "SignedValidRolloverfromPrintableStringtoUTF8StringTest10" ""
    valid_utf8string_case_insensitive_match_test11 "SignedValidUTF8StringCaseInsensitiveMatchTest11" ""

    // 4.4 revocation
    missing_crl_test1 "SignedMissingCRLTest1" "0 crl.unavailable"
    invalid_revoked_ca_test2 "SignedInvalidRevokedCATest2" "1 crl.revoked"
    invalid_revoked_ee_test3 "SignedInvalidRevokedEETest3" "0 crl.revoked"
    invalid_bad_crl_signature_test4 "SignedInvalidBadCRLSignatureTest4" "0 crl.signature-invalid"
    invalid_bad_crl_issuer_name_test5 "SignedInvalidBadCRLIssuerNameTest5" "0 crl.unavailable"
    invalid_wrong_crl_test6 "SignedInvalidWrongCRLTest6" "0 crl.unavailable"
    valid_two_crls_test7 "SignedValidTwoCRLsTest7" ""
    invalid_unknown_crl_entry_extension_test8 "SignedInvalidUnknownCRLEntryExtensionTest8" "0 crl.revoked"
    invalid_unknown_crl_extension_test9 "SignedInvalidUnknownCRLExtensionTest9" "0 crl.unavailable"
    invalid_unknown_crl_extension_test10 "SignedInvalidUnknownCRLExtensionTest10" "0 crl.unavailable"
    invalid_old_crl_nextupdate_test11 "SignedInvalidOldCRLnextUpdateTest11" "0 crl.stale"
    invalid_pre2000_crl_nextupdate_test12 "SignedInvalidpre2000CRLnextUpdateTest12" "0 crl.stale"
    valid_generalizedtime_crl_nextupdate_test13 "SignedValidGeneralizedTimeCRLnextUpdateTest13" ""
    valid_negative_serial_number_test14 "SignedValidNegativeSerialNumberTest14" ""
    invalid_negative_serial_number_test15 "SignedInvalidNegativeSerialNumberTest15" "0 crl.revoked"
    valid_long_serial_number_test16 "SignedValidLongSerialNumberTest16" ""
    valid_long_serial_number_test17 "SignedValidLongSerialNumberTest17" ""
    invalid_long_serial_number_test18 "SignedInvalidLongSerialNumberTest18" "0 crl.revoked"
    valid_separate_certificate_and_crl_keys_test19 "SignedValidSeparateCertificateandCRLKeysTest19" ""
    invalid_separate_certificate_and_crl_keys_test20 "SignedInvalidSeparateCertificateandCRLKeysTest20" "0 crl.revoked"
    invalid_separate_certificate_and_crl_keys_test21 "SignedInvalidSeparateCertificateandCRLKeysTest21" "0 crl.issuer-not-crl-signer"

    // 4.5 self-issued certificates
    valid_basic_self_issued_old_with_new_test1 "SignedValidBasicSelfIssuedOldWithNewTest1" ""
    invalid_basic_self_issued_old_with_new_test2 "SignedInvalidBasicSelfIssuedOldWithNewTest2" "0 crl.revoked"
    valid_basic_self_issued_new_with_old_test3 "SignedValidBasicSelfIssuedNewWithOldTest3" ""
    valid_basic_self_issued_new_with_old_test4 "SignedValidBasicSelfIssuedNewWithOldTest4" ""
    invalid_basic_self_issued_new_with_old_test5 "SignedInvalidBasicSelfIssuedNewWithOldTest5" "0 crl.revoked"
    valid_basic_self_issued_crl_signing_key_test6 "SignedValidBasicSelfIssuedCRLSigningKeyTest6" ""
    invalid_basic_self_issued_crl_signing_key_test7 "SignedInvalidBasicSelfIssuedCRLSigningKeyTest7" "0 crl.revoked"
    invalid_basic_self_issued_crl_signing_key_test8 "SignedInvalidBasicSelfIssuedCRLSigningKeyTest8" "1 path.issuer-not-ca, 1 path.key-cert-sign-missing"

    // 4.6 basic constraints
    invalid_missing_basicconstraints_test1 "SignedInvalidMissingbasicConstraintsTest1" "1 path.issuer-not-ca"
    invalid_ca_false_test2 "SignedInvalidcAFalseTest2" "1 path.issuer-not-ca"
    invalid_ca_false_test3 "SignedInvalidcAFalseTest3" "1 path.issuer-not-ca"
    valid_basicconstraints_not_critical_test4 "SignedValidbasicConstraintsNotCriticalTest4" ""
    invalid_pathlenconstraint_test5 "SignedInvalidpathLenConstraintTest5" "1 path.length-exceeded"
    invalid_pathlenconstraint_test6 "SignedInvalidpathLenConstraintTest6" "1 path.length-exceeded"
    valid_pathlenconstraint_test7 "SignedValidpathLenConstraintTest7" ""
    valid_pathlenconstraint_test8 "SignedValidpathLenConstraintTest8" ""
    invalid_pathlenconstraint_test9 "SignedInvalidpathLenConstraintTest9" "1 path.length-exceeded"
    invalid_pathlenconstraint_test10 "SignedInvalidpathLenConstraintTest10" "1 path.length-exceeded"
    invalid_pathlenconstraint_test11 "SignedInvalidpathLenConstraintTest11" "1 path.length-exceeded"
    invalid_pathlenconstraint_test12 "SignedInvalidpathLenConstraintTest12" "1 path.length-exceeded"
    valid_pathlenconstraint_test13 "SignedValidpathLenConstraintTest13" ""
    valid_pathlenconstraint_test14 "SignedValidpathLenConstraintTest14" ""
    valid_self_issued_pathlenconstraint_test15 "SignedValidSelfIssuedpathLenConstraintTest15" ""
    invalid_self_issued_pathlenconstraint_test16 "SignedInvalidSelfIssuedpathLenConstraintTest16" "1 path.length-exceeded"
    valid_self_issued_pathlenconstraint_test17 "SignedValidSelfIssuedpathLenConstraintTest17" ""

    // 4.7 key usage
    invalid_keyusage_critical_keycertsign_false_test1 "SignedInvalidkeyUsageCriticalkeyCertSignFalseTest1" "1 path.key-cert-sign-missing"
    invalid_keyusage_not_critical_keycertsign_false_test2 "SignedInvalidkeyUsageNotCriticalkeyCertSignFalseTest2" "1 path.key-cert-sign-missing"
    valid_keyusage_not_critical_test3 "SignedValidkeyUsageNotCriticalTest3" ""
    invalid_keyusage_critical_crlsign_false_test4 "SignedInvalidkeyUsageCriticalcRLSignFalseTest4" "0 crl.issuer-not-crl-signer"
    invalid_keyusage_not_critical_crlsign_false_test5 "SignedInvalidkeyUsageNotCriticalcRLSignFalseTest5" "0 crl.issuer-not-crl-signer"

    // 4.8 certificate policies
    all_certs_same_policy_test1_norestr "SignedAllCertificatesSamePolicyTest1" ""
    all_certs_same_policy_test1_explicit_policy "SignedAllCertificatesSamePolicyTest1" ""
    all_certs_same_policy_test1_with_constraints1 "SignedAllCertificatesSamePolicyTest1" ""
    all_certs_same_policy_test1_with_constraint_mismatch "SignedAllCertificatesSamePolicyTest1" "0 path.policy-not-accepted"
    all_certs_same_policy_test1_with_constraint_mismatch_ignored "SignedAllCertificatesSamePolicyTest1" ""
    all_certs_same_policy_test1_with_constraints2 "SignedAllCertificatesSamePolicyTest1" ""
    all_certs_same_policy_test1_norestr_in_the_other_mail "SignedValidSignaturesTest1" ""
    all_certs_same_policy_test1_explicit_policy_in_the_other_mail "SignedValidSignaturesTest1" ""
    all_certs_same_policy_test1_with_constraints1_in_the_other_mail "SignedValidSignaturesTest1" ""
    all_certs_same_policy_test1_with_constraint_mismatch_in_the_other_mail "SignedValidSignaturesTest1" "0 path.policy-not-accepted"
    all_certs_same_policy_test1_with_constraint_mismatch_ignored_in_the_other_mail "SignedValidSignaturesTest1" ""
    all_certs_same_policy_test1_with_constraints2_in_the_other_mail "SignedValidSignaturesTest1" ""
    all_certificates_no_policies_test2 "SignedAllCertificatesNoPoliciesTest2" ""
    all_certificates_no_policies_test2_force_explicit "SignedAllCertificatesNoPoliciesTest2" "1 path.policy-not-accepted"
    different_policies_test3 "SignedDifferentPoliciesTest3" ""
    different_policies_test3_force_explicit "SignedDifferentPoliciesTest3" "1 path.policy-not-accepted"
    different_policies_test3_force_explicit_with_user_set "SignedDifferentPoliciesTest3" "1 path.policy-not-accepted"
    different_policies_test4 "SignedDifferentPoliciesTest4" "0 path.policy-not-accepted"
    different_policies_test5 "SignedDifferentPoliciesTest5" "0 path.policy-not-accepted"
    overlapping_policies_test6 "SignedOverlappingPoliciesTest6" ""
    overlapping_policies_test6_with_testpol1 "SignedOverlappingPoliciesTest6" ""
    overlapping_policies_test6_with_testpol2 "SignedOverlappingPoliciesTest6" "0 path.policy-not-accepted"
    overlapping_policies_test6_with_testpol2_explicit "SignedOverlappingPoliciesTest6" "0 path.policy-not-accepted"
    different_policies_test7 "SignedDifferentPoliciesTest7" "0 path.policy-not-accepted"
    different_policies_test8 "SignedDifferentPoliciesTest8" "1 path.policy-not-accepted"
    different_policies_test9 "SignedDifferentPoliciesTest9" "1 path.policy-not-accepted"
    all_certificates_same_policies_test10 "SignedAllCertificatesSamePoliciesTest10" ""
    all_certificates_same_policies_test10_with_testpol1 "SignedAllCertificatesSamePoliciesTest10" ""
    all_certificates_same_policies_test10_with_testpol2 "SignedAllCertificatesSamePoliciesTest10" ""
    all_certificates_any_policy_test11 "SignedAllCertificatesAnyPolicyTest11" ""
    all_certificates_any_policy_test11_constrained "SignedAllCertificatesAnyPolicyTest11" ""
    different_policies_test12 "SignedDifferentPoliciesTest12" "0 path.policy-not-accepted"
    all_certificates_same_policies_test13 "SignedAllCertificatesSamePoliciesTest13" ""
    all_certificates_same_policies_test13_with_testpol1 "SignedAllCertificatesSamePoliciesTest13" ""
    all_certificates_same_policies_test13_with_testpol2 "SignedAllCertificatesSamePoliciesTest13" ""
    all_certificates_same_policies_test13_with_testpol3 "SignedAllCertificatesSamePoliciesTest13" ""
    all_certificates_same_policies_test13_with_testpol1_2 "SignedAllCertificatesSamePoliciesTest13" ""
    any_policy_test14 "SignedAnyPolicyTest14" ""
    any_policy_test14_with_testpol1 "SignedAnyPolicyTest14" ""
    any_policy_test14_with_testpol1_2 "SignedAnyPolicyTest14" ""
    any_policy_test14_with_testpol2 "SignedAnyPolicyTest14" "0 path.policy-not-accepted"

    // 4.9 requireExplicitPolicy
    valid_require_explicit_policy_test1 "SignedValidRequireExplicitPolicyTest1" ""
    valid_require_explicit_policy_test2 "SignedValidRequireExplicitPolicyTest2" ""
    invalid_require_explicit_policy_test3 "SignedInvalidRequireExplicitPolicyTest3" "0 path.policy-not-accepted"
    valid_require_explicit_policy_test4 "SignedValidRequireExplicitPolicyTest4" ""
    invalid_require_explicit_policy_test5 "SignedInvalidRequireExplicitPolicyTest5" "0 path.policy-not-accepted"
    valid_self_issued_require_explicit_policy_test6 "SignedValidSelfIssuedrequireExplicitPolicyTest6" ""
    invalid_self_issued_require_explicit_policy_test7 "SignedInvalidSelfIssuedrequireExplicitPolicyTest7" "0 path.policy-not-accepted"
    invalid_self_issued_require_explicit_policy_test8 "SignedInvalidSelfIssuedrequireExplicitPolicyTest8" "0 path.policy-not-accepted"

    // 4.10 policy mappings
    valid_policy_mapping_test2_with_testpol1 "SignedValidPolicyMappingTest1" ""
    valid_policy_mapping_test2_with_testpol2 "SignedValidPolicyMappingTest1" "0 path.policy-not-accepted"
    valid_policy_mapping_test2_inhibit_mapping "SignedValidPolicyMappingTest1" "0 path.policy-not-accepted"
    valid_policy_mapping_test2_inhibit_mapping_testpol1 "SignedValidPolicyMappingTest1" "0 path.policy-not-accepted"
    invalid_policy_mapping_test2 "SignedInvalidPolicyMappingTest2" "0 path.policy-not-accepted"
    invalid_policy_mapping_test2_inhibit_mapping "SignedInvalidPolicyMappingTest2" "0 path.policy-not-accepted"
    valid_policy_mapping_test3_with_testpol1 "SignedValidPolicyMappingTest3" "0 path.policy-not-accepted"
    valid_policy_mapping_test3_with_testpol2 "SignedValidPolicyMappingTest3" ""
    invalid_policy_mapping_test4 "SignedInvalidPolicyMappingTest4" "0 path.policy-not-accepted"
    valid_policy_mapping_test5_with_testpol1 "SignedValidPolicyMappingTest5" ""
    valid_policy_mapping_test5_with_testpol6 "SignedValidPolicyMappingTest5" "0 path.policy-not-accepted"
    valid_policy_mapping_test6_with_testpol1 "SignedValidPolicyMappingTest6" ""
    valid_policy_mapping_test6_with_testpol6 "SignedValidPolicyMappingTest6" "0 path.policy-not-accepted"
    invalid_mapping_from_any_policy_test7 "SignedInvalidMappingFromanyPolicyTest7" "1 cert.encoding-invalid"
    invalid_mapping_to_any_policy_test8 "SignedInvalidMappingToanyPolicyTest8" "1 cert.encoding-invalid"
    valid_policy_mapping_test9 "SignedValidPolicyMappingTest9" ""
    invalid_policy_mapping_test10 "SignedInvalidPolicyMappingTest10" "0 path.policy-not-accepted"
    valid_policy_mapping_test11 "SignedValidPolicyMappingTest11" ""
    valid_policy_mapping_test13 "SignedValidPolicyMappingTest13" ""
    valid_policy_mapping_test14 "SignedValidPolicyMappingTest14" ""

    // 4.11 inhibitPolicyMapping
    invalid_inhibit_policy_mapping_test1 "SignedInvalidinhibitPolicyMappingTest1" "0 path.policy-not-accepted"
    valid_inhibit_policy_mapping_test2 "SignedValidinhibitPolicyMappingTest2" ""
    invalid_inhibit_policy_mapping_test3 "SignedInvalidinhibitPolicyMappingTest3" "0 path.policy-not-accepted"
    valid_inhibit_policy_mapping_test4 "SignedValidinhibitPolicyMappingTest4" ""
    invalid_inhibit_policy_mapping_test5 "SignedInvalidinhibitPolicyMappingTest5" "0 path.policy-not-accepted"
    invalid_inhibit_policy_mapping_test6 "SignedInvalidinhibitPolicyMappingTest6" "0 path.policy-not-accepted"
    valid_self_issued_inhibit_policy_mapping_test7 "SignedValidSelfIssuedinhibitPolicyMappingTest7" ""
    invalid_self_issued_inhibit_policy_mapping_test8 "SignedInvalidSelfIssuedinhibitPolicyMappingTest8" "0 path.policy-not-accepted"
    invalid_self_issued_inhibit_policy_mapping_test9 "SignedInvalidSelfIssuedinhibitPolicyMappingTest9" "0 path.policy-not-accepted"
    invalid_self_issued_inhibit_policy_mapping_test10 "SignedInvalidSelfIssuedinhibitPolicyMappingTest10" "0 path.policy-not-accepted"
    invalid_self_issued_inhibit_policy_mapping_test11 "SignedInvalidSelfIssuedinhibitPolicyMappingTest11" "0 path.policy-not-accepted"

    // 4.12 inhibitAnyPolicy
    invalid_inhibit_any_policy_test1 "SignedInvalidinhibitAnyPolicyTest1" "0 path.policy-not-accepted"
    valid_inhibit_any_policy_test2 "SignedValidinhibitAnyPolicyTest2" ""
    inhibit_any_policy_test3 "SignedinhibitAnyPolicyTest3" ""
    inhibit_any_policy_test3_initial_inhibit "SignedinhibitAnyPolicyTest3" "1 path.policy-not-accepted"
    invalid_inhibit_any_policy_test4 "SignedInvalidinhibitAnyPolicyTest4" "0 path.policy-not-accepted"
    invalid_inhibit_any_policy_test5 "SignedInvalidinhibitAnyPolicyTest5" "0 path.policy-not-accepted"
    invalid_inhibit_any_policy_test6 "SignedInvalidinhibitAnyPolicyTest6" "0 path.policy-not-accepted"
    valid_self_issued_inhibit_any_policy_test7 "SignedValidSelfIssuedinhibitAnyPolicyTest7" ""
    invalid_self_issued_inhibit_any_policy_test8 "SignedInvalidSelfIssuedinhibitAnyPolicyTest8" "1 path.policy-not-accepted"
    valid_self_issued_inhibit_any_policy_test9 "SignedValidSelfIssuedinhibitAnyPolicyTest9" ""
    invalid_self_issued_inhibit_any_policy_test10 "SignedInvalidSelfIssuedinhibitAnyPolicyTest10" "0 path.policy-not-accepted"

    // 4.13 name constraints
    valid_dn_nameconstraints_test1 "SignedValidDNnameConstraintsTest1" ""
    invalid_dn_nameconstraints_test2 "SignedInvalidDNnameConstraintsTest2" "0 path.name-constraints-violated"
    invalid_dn_nameconstraints_test3 "SignedInvalidDNnameConstraintsTest3" "0 path.name-constraints-violated"
    valid_dn_nameconstraints_test4 "SignedValidDNnameConstraintsTest4" ""
    valid_dn_nameconstraints_test5 "SignedValidDNnameConstraintsTest5" ""
    valid_dn_nameconstraints_test6 "SignedValidDNnameConstraintsTest6" ""
    invalid_dn_nameconstraints_test7 "SignedInvalidDNnameConstraintsTest7" "0 path.name-constraints-violated"
    invalid_dn_nameconstraints_test8 "SignedInvalidDNnameConstraintsTest8" "0 path.name-constraints-violated"
    invalid_dn_nameconstraints_test9 "SignedInvalidDNnameConstraintsTest9" "0 path.name-constraints-violated"
    invalid_dn_nameconstraints_test10 "SignedInvalidDNnameConstraintsTest10" "0 path.name-constraints-violated"
    valid_dn_nameconstraints_test11 "SignedValidDNnameConstraintsTest11" ""
    invalid_dn_nameconstraints_test12 "SignedInvalidDNnameConstraintsTest12" "0 path.name-constraints-violated"
    invalid_dn_nameconstraints_test13 "SignedInvalidDNnameConstraintsTest13" "0 path.name-constraints-violated"
    valid_dn_nameconstraints_test14 "SignedValidDNnameConstraintsTest14" ""
    invalid_dn_nameconstraints_test15 "SignedInvalidDNnameConstraintsTest15" "0 path.name-constraints-violated"
    invalid_dn_nameconstraints_test16 "SignedInvalidDNnameConstraintsTest16" "0 path.name-constraints-violated"
    invalid_dn_nameconstraints_test17 "SignedInvalidDNnameConstraintsTest17" "0 path.name-constraints-violated"
    valid_dn_nameconstraints_test18 "SignedValidDNnameConstraintsTest18" ""
    valid_self_issued_dn_nameconstraints_test19 "SignedValidSelfIssuedDNnameConstraintsTest19" ""
    invalid_self_issued_dn_nameconstraints_test20 "SignedInvalidSelfIssuedDNnameConstraintsTest20" "0 path.name-constraints-violated"
    valid_rfc822_nameconstraints_test21 "SignedValidRFC822nameConstraintsTest21" ""
    invalid_rfc822_nameconstraints_test22 "SignedInvalidRFC822nameConstraintsTest22" "0 path.name-constraints-violated"
    valid_rfc822_nameconstraints_test23 "SignedValidRFC822nameConstraintsTest23" ""
    invalid_rfc822_nameconstraints_test24 "SignedInvalidRFC822nameConstraintsTest24" "0 path.name-constraints-violated"
    valid_rfc822_nameconstraints_test25 "SignedValidRFC822nameConstraintsTest25" ""
    invalid_rfc822_nameconstraints_test26 "SignedInvalidRFC822nameConstraintsTest26" "0 path.name-constraints-violated"
    valid_dn_and_rfc822_nameconstraints_test27 "SignedValidDNandRFC822nameConstraintsTest27" ""
    invalid_dn_and_rfc822_nameconstraints_test28 "SignedInvalidDNandRFC822nameConstraintsTest28" "0 path.name-constraints-violated"
    invalid_dn_and_rfc822_nameconstraints_test29 "SignedInvalidDNandRFC822nameConstraintsTest29" "0 path.name-constraints-violated"
    valid_dns_nameconstraints_test30 "SignedValidDNSnameConstraintsTest30" ""
    invalid_dns_nameconstraints_test31 "SignedInvalidDNSnameConstraintsTest31" "0 path.name-constraints-violated"
    valid_dns_nameconstraints_test32 "SignedValidDNSnameConstraintsTest32" ""
    invalid_dns_nameconstraints_test33 "SignedInvalidDNSnameConstraintsTest33" "0 path.name-constraints-violated"
    valid_uri_nameconstraints_test34 "SignedValidURInameConstraintsTest34" ""
    invalid_uri_nameconstraints_test35 "SignedInvalidURInameConstraintsTest35" "0 path.name-constraints-violated"
    valid_uri_nameconstraints_test36 "SignedValidURInameConstraintsTest36" ""
    invalid_uri_nameconstraints_test37 "SignedInvalidURInameConstraintsTest37" "0 path.name-constraints-violated"
    invalid_dns_nameconstraints_test38 "SignedInvalidDNSnameConstraintsTest38" "0 path.name-constraints-violated"

    // 4.14 distribution points
    valid_distributionpoint_test1 "SignedValiddistributionPointTest1" ""
    invalid_distributionpoint_test2 "SignedInvaliddistributionPointTest2" "0 crl.revoked"
    invalid_distributionpoint_test3 "SignedInvaliddistributionPointTest3" "0 crl.unavailable"
    valid_distributionpoint_test4 "SignedValiddistributionPointTest4" ""
    valid_distributionpoint_test5 "SignedValiddistributionPointTest5" ""
    invalid_distributionpoint_test6 "SignedInvaliddistributionPointTest6" "0 crl.revoked"
    valid_distributionpoint_test7 "SignedValiddistributionPointTest7" ""
    invalid_distributionpoint_test8 "SignedInvaliddistributionPointTest8" "0 crl.unavailable"
    invalid_distributionpoint_test9 "SignedInvaliddistributionPointTest9" "0 crl.unavailable"
    valid_no_issuingdistributionpoint_test10 "SignedValidNoissuingDistributionPointTest10" ""
    invalid_onlycontainsusercerts_crl_test11 "SignedInvalidonlyContainsUserCertsCRLTest11" "0 crl.unavailable"
    invalid_onlycontainscacerts_crl_test12 "SignedInvalidonlyContainsCACertsCRLTest12" "0 crl.unavailable"
    valid_onlycontainscacerts_crl_test13 "SignedValidonlyContainsCACertsCRLTest13" ""
    invalid_onlycontainsattributecerts_crl_test14 "SignedInvalidonlyContainsAttributeCertsTest14" "0 crl.unavailable"
    invalid_onlysomereasons_test15 "SignedInvalidonlySomeReasonsTest15" "0 crl.revoked"
    invalid_onlysomereasons_test16 "SignedInvalidonlySomeReasonsTest16" "0 crl.revoked"
    invalid_onlysomereasons_test17 "SignedInvalidonlySomeReasonsTest17" "0 crl.unavailable"
    valid_onlysomereasons_test19 "SignedValidonlySomeReasonsTest18" ""
    valid_onlysomereasons_test19_in_the_other_mail "SignedValidonlySomeReasonsTest19" ""
    invalid_onlysomereasons_test20 "SignedInvalidonlySomeReasonsTest20" "0 crl.revoked"
    invalid_onlysomereasons_test21 "SignedInvalidonlySomeReasonsTest21" "0 crl.revoked"
    valid_idp_with_indirectcrl_test22 "SignedValidIDPwithindirectCRLTest22" ""
    invalid_idp_with_indirectcrl_test23 "SignedInvalidIDPwithindirectCRLTest23" "0 crl.revoked"
    valid_idp_with_indirectcrl_test24 "SignedValidIDPwithindirectCRLTest24" ""
    valid_idp_with_indirectcrl_test25 "SignedValidIDPwithindirectCRLTest25" ""
    invalid_idp_with_indirectcrl_test26 "SignedInvalidIDPwithindirectCRLTest26" "0 crl.unavailable"
    invalid_crlissuer_test27 "SignedInvalidcRLIssuerTest27" "0 crl.unavailable"
    valid_crlissuer_test28 "SignedValidcRLIssuerTest28" ""
    valid_crlissuer_test29 "SignedValidcRLIssuerTest29" ""
    valid_crlissuer_test30 "SignedValidcRLIssuerTest30" ""
    invalid_crlissuer_test31 "SignedInvalidcRLIssuerTest31" "0 crl.revoked"
    invalid_crlissuer_test32 "SignedInvalidcRLIssuerTest32" "0 crl.revoked"
    valid_crlissuer_test33 "SignedValidcRLIssuerTest33" ""
    invalid_crlissuer_test34 "SignedInvalidcRLIssuerTest34" "0 crl.revoked"
    invalid_crlissuer_test35 "SignedInvalidcRLIssuerTest35" "0 crl.unavailable"

    // 4.15 delta CRLs
    invalid_deltacrlindicator_no_base_set_test1 "SignedInvaliddeltaCRLIndicatorNoBaseTest1" "0 crl.unavailable"
    valid_deltacrl_test2 "SignedValiddeltaCRLTest2" ""
    invalid_deltacrl_test3 "SignedInvaliddeltaCRLTest3" "0 crl.revoked"
    invalid_deltacrl_test4 "SignedInvaliddeltaCRLTest4" "0 crl.revoked"
    valid_deltacrl_test5 "SignedValiddeltaCRLTest5" ""
    invalid_deltacrl_test6 "SignedInvaliddeltaCRLTest6" "0 crl.revoked"
    valid_deltacrl_test7 "SignedValiddeltaCRLTest7" ""
    valid_deltacrl_test8 "SignedValiddeltaCRLTest8" ""
    invalid_deltacrl_test9 "SignedInvaliddeltaCRLTest9" "0 crl.revoked"
    invalid_deltacrl_test10 "SignedInvaliddeltaCRLTest10" "0 crl.stale"

    // 4.16 private extensions
    valid_unknown_not_critical_certificate_extension_test1 "SignedValidUnknownNotCriticalCertificateExtensionTest1" ""
    invalid_unknown_critical_certificate_extension_test2 "SignedInvalidUnknownCriticalCertificateExtensionTest2" "0 cert.critical-extension-unknown"
}
