//! Certificate policies along a path.

use super::*;
use crate::reason::Reason;

const A: &str = "1.3.6.1.4.1.99999.1";
const B: &str = "1.3.6.1.4.1.99999.2";
const C: &str = "1.3.6.1.4.1.99999.3";
const ANY: &str = "*";

const REFUSED: &str = "0 path.policy-not-accepted";
const REFUSED_ABOVE: &str = "1 path.policy-not-accepted";

/// A leaf with policies under an intermediate, which is judged with inputs.
fn asked(
    intermediate: &Draft,
    leaf: &Draft,
    acceptable: &[&str],
    policies: PolicyInputs<'static>,
) -> Vec<String> {
    let mut question =
        Question::new(leaf.issued_by("Intermediate", 2)).with(&[intermediate.issued_by("Root", 0)]);
    question.acceptable = acceptable
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
    question.policies = policies;
    question.reasons()
}

const EXPLICIT: PolicyInputs<'static> = PolicyInputs {
    acceptable: &[],
    require_explicit: true,
    inhibit_mapping: false,
    inhibit_any: false,
};

fn explicit(intermediate: &Draft, leaf: &Draft, acceptable: &[&str]) -> Vec<String> {
    asked(intermediate, leaf, acceptable, EXPLICIT)
}

#[test]
fn without_a_demand_policies_restrict_nobody() {
    let inputs = PolicyInputs::default();
    let plain = asked(&intermediate(), &leaf().policies(&[A]), &[B], inputs);
    assert_eq!(plain, NOTHING);
}

#[test]
fn a_policy_must_run_through_the_whole_path() {
    let run = |above: &[&str], below: &[&str], acceptable: &[&str]| {
        let above = intermediate().policies(above);
        explicit(&above, &leaf().policies(below), acceptable)
    };
    assert_eq!(run(&[A], &[A], &[]), NOTHING);
    assert_eq!(run(&[A], &[A], &[A]), NOTHING);
    assert_eq!(run(&[A, B], &[B, C], &[B]), NOTHING);
    assert_eq!(run(&[A], &[A], &[B]), [REFUSED]);
    assert_eq!(run(&[A], &[B], &[]), [REFUSED]);
    assert_eq!(run(&[ANY], &[A], &[A]), NOTHING);
    assert_eq!(run(&[A], &[ANY], &[A]), NOTHING);
    assert_eq!(run(&[A], &[ANY], &[B]), [REFUSED]);
    assert_eq!(run(&[ANY], &[ANY], &[B]), NOTHING);
    let none = explicit(&intermediate(), &leaf().policies(&[A]), &[]);
    assert_eq!(none, [REFUSED_ABOVE]);
    let none = explicit(&intermediate().policies(&[A]), &leaf(), &[]);
    assert_eq!(none, [REFUSED]);
}

#[test]
fn the_report_names_both_sides() {
    let mut question = through(&intermediate().policies(&[A]));
    question.acceptable = vec![A.parse().unwrap()];
    question.policies = EXPLICIT;
    let report = question.ask();
    assert_eq!(report.findings[0].reason, Reason::PathPolicyNotAccepted);
    assert_eq!(report.findings[0].detail["accepted"], A);
    assert_eq!(report.findings[0].detail["certificate-policies"], "none");
}

#[test]
fn any_policy_can_be_inhibited() {
    let inputs = PolicyInputs {
        inhibit_any: true,
        ..EXPLICIT
    };
    let above = intermediate().policies(&[ANY]);
    let below = leaf().policies(&[A]);
    assert_eq!(asked(&above, &below, &[], inputs), [REFUSED_ABOVE]);
    let inhibiting = intermediate().policies(&[A]).inhibit_any_policy(0);
    assert_eq!(
        explicit(&inhibiting, &leaf().policies(&[ANY]), &[]),
        [REFUSED]
    );
    let later = intermediate().policies(&[A]).inhibit_any_policy(1);
    assert_eq!(explicit(&later, &leaf().policies(&[ANY]), &[]), NOTHING);
}

#[test]
fn mapped_policies_stand_for_those_of_the_issuer() {
    let mapping = intermediate().policies(&[A]).mappings(&[(A, B)]);
    let below = |policy| leaf().policies(&[policy]);
    assert_eq!(explicit(&mapping, &below(B), &[A]), NOTHING);
    assert_eq!(explicit(&mapping, &below(B), &[B]), [REFUSED]);
    assert_eq!(explicit(&mapping, &below(A), &[A]), [REFUSED]);
    let twofold = intermediate().policies(&[A]).mappings(&[(A, B), (A, C)]);
    assert_eq!(explicit(&twofold, &below(C), &[A]), NOTHING);
    // anyPolicy stands for the policy that is mapped.
    let from_any = intermediate().policies(&[ANY]).mappings(&[(A, B)]);
    assert_eq!(explicit(&from_any, &below(B), &[A]), NOTHING);
    assert_eq!(explicit(&from_any, &below(B), &[C]), [REFUSED]);
    let unrelated = intermediate().policies(&[A]).mappings(&[(C, B)]);
    assert_eq!(explicit(&unrelated, &below(B), &[]), [REFUSED]);
    let inhibited = PolicyInputs {
        inhibit_mapping: true,
        ..EXPLICIT
    };
    assert_eq!(asked(&mapping, &below(B), &[A], inhibited), [REFUSED]);
    for wrong in [(ANY, B), (A, ANY)] {
        let wrong = intermediate().policies(&[A]).mappings(&[wrong]);
        let reasons = asked(&wrong, &below(A), &[], PolicyInputs::default());
        assert_eq!(reasons, ["1 cert.encoding-invalid"]);
    }
}

#[test]
fn a_ca_can_demand_a_policy() {
    let demand = |skip| {
        intermediate()
            .policies(&[A])
            .policy_constraints(Some(skip), None)
    };
    let inputs = PolicyInputs::default();
    assert_eq!(asked(&demand(0), &leaf(), &[], inputs), [REFUSED]);
    assert_eq!(
        asked(&demand(0), &leaf().policies(&[A]), &[], inputs),
        NOTHING
    );
    // The end entity's certificate is one that may follow, but section 6.1.5 (a) counts it too.
    assert_eq!(asked(&demand(1), &leaf(), &[], inputs), [REFUSED]);
    assert_eq!(asked(&demand(2), &leaf(), &[], inputs), NOTHING);
    let of_itself = leaf().policy_constraints(Some(0), None);
    assert_eq!(asked(&intermediate(), &of_itself, &[], inputs), [REFUSED]);
    let no_mapping = intermediate()
        .policies(&[A])
        .mappings(&[(A, B)])
        .policy_constraints(None, Some(0));
    // It takes effect below: this CA's own mapping still counts.
    assert_eq!(explicit(&no_mapping, &leaf().policies(&[B]), &[A]), NOTHING);
    let anchor = Draft::ca("Root", 0).policy_constraints(Some(0), None);
    let question = through(&intermediate()).trusting(&[anchor.self_signed(0)]);
    assert_eq!(question.reasons(), [REFUSED_ABOVE]);
}

#[test]
fn a_trusted_end_entity_is_judged_by_its_own_policies() {
    for (leaf, expected) in [
        (leaf().policies(&[A]), &NOTHING[..]),
        (leaf().policies(&[B]), &[REFUSED]),
        (leaf(), &[REFUSED]),
    ] {
        let leaf = leaf.issued_by("Root", 0);
        let mut question = Question::new(leaf.clone()).trusting(&[leaf]);
        question.acceptable = vec![A.parse().unwrap()];
        question.policies = EXPLICIT;
        assert_eq!(question.reasons(), expected);
    }
}

/// A tree doubles with each CA that maps everything to everything; the graph does not.
#[test]
fn hostile_mappings_do_not_multiply() {
    let ids: Vec<String> = (0..30)
        .map(|at| format!("1.3.6.1.4.1.99999.{at}"))
        .collect();
    let all: Vec<&str> = ids.iter().map(String::as_str).chain([ANY]).collect();
    let pairs: Vec<(&str, &str)> = ids
        .iter()
        .flat_map(|from| ids.iter().map(move |to| (from.as_str(), to.as_str())))
        .collect();
    let hostile = |at: usize| {
        let draft = Draft::ca(&format!("CA {at}"), 2 + at % 2);
        draft.policies(&all).mappings(&pairs)
    };
    let mut chain: Vec<Certificate> = (0..17)
        .map(|at| hostile(at).issued_by(&format!("CA {}", at + 1), 2 + (at + 1) % 2))
        .collect();
    chain.push(hostile(17).issued_by("Root", 0));
    let mut question = Question::new(leaf().policies(&[&ids[7]]).issued_by("CA 0", 2)).with(&chain);
    question.acceptable = vec![ids[3].parse().unwrap()];
    question.policies = EXPLICIT;
    assert_eq!(question.reasons(), NOTHING);
    assert_eq!(question.ask().path.len(), 20);
}
