//! The mails that the suite's table leaves out; all are valid.

use smime::pki::PolicyInputs;

use super::judge_mail;
use crate::certificates::certificate;
use crate::corpora;
use crate::paths::reasons;

/// The signer's certificate of each mail, valid without demands on policies.
fn valid(mail: &str, signer: &str) {
    let Some(folder) = corpora() else { return };
    let leaf = certificate(&folder.join("pkits/certs").join(signer));
    let report = judge_mail(mail, &leaf, PolicyInputs::default());
    assert_eq!(reasons(&report), "", "{:?}", report.tried);
    assert!(report.trusted);
}

macro_rules! mails {
    ($($name:ident $mail:literal $signer:literal)*) => {
        $(
            #[test]
            fn $name() {
                valid($mail, concat!($signer, ".crt"));
            }
        )*
    };
}

mails! {
    user_notice_qualifier_test15 "SignedUserNoticeQualifierTest15" "UserNoticeQualifierTest15EE"
    user_notice_qualifier_test16 "SignedUserNoticeQualifierTest16" "UserNoticeQualifierTest16EE"
    user_notice_qualifier_test17 "SignedUserNoticeQualifierTest17" "UserNoticeQualifierTest17EE"
    user_notice_qualifier_test18 "SignedUserNoticeQualifierTest18" "UserNoticeQualifierTest18EE"
    user_notice_qualifier_test19 "SignedUserNoticeQualifierTest19" "UserNoticeQualifierTest19EE"
    cps_pointer_qualifier_test20 "SignedCPSPointerQualifierTest20" "CPSPointerQualifierTest20EE"
    valid_dsa_parameter_inheritance_test5 "SignedValidDSAParameterInheritanceTest5" "ValidDSAParameterInheritanceTest5EE"
    valid_policy_mapping_test12 "SignedValidPolicyMappingTest12" "ValidPolicyMappingTest12EE"
}
