//! AES key wrap (RFC 3394).

use smime::crypto::key_wrap::KeyWrap;

use super::{Decision, Select, check};

#[test]
fn aes_key_wrap() {
    let short = Decision {
        of: Select::Flag("ShortKey"),
        accepted: false,
        why: "RFC 3394 section 2 wraps two blocks of 64 bits or more",
    };
    check("aes_wrap_test.json", &[short], |group, case| {
        let wrap = match group.number("keySize") {
            128 => KeyWrap::Aes128,
            192 => KeyWrap::Aes192,
            _ => KeyWrap::Aes256,
        };
        let (key, secret, wrapped) = (case.octets("key"), case.octets("msg"), case.octets("ct"));
        let unwrapped = wrap.unwrap(&key, &wrapped);
        let comes_back = unwrapped.is_some_and(|unwrapped| *unwrapped == secret);
        if comes_back {
            assert_eq!(wrap.wrap(&key, &secret), Some(wrapped));
        }
        comes_back
    });
}
