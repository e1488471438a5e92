# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_smime_global_optspecs
    string join \n k/keystore= no-keystore time= o/output= json q/quiet v/verbose color= no-progress passphrase-file= passphrase-fd= file-passphrase-file= file-passphrase-fd= h/help V/version
end

function __fish_smime_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_smime_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_smime_using_subcommand
    set -l cmd (__fish_smime_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c smime -n "__fish_smime_needs_command" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_needs_command" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_needs_command" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_needs_command" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_needs_command" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_needs_command" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_needs_command" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_needs_command" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_needs_command" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_needs_command" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_needs_command" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_needs_command" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_needs_command" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_needs_command" -s V -l version -d 'Print version'
complete -c smime -n "__fish_smime_needs_command" -f -a "sign" -d 'Sign a message'
complete -c smime -n "__fish_smime_needs_command" -f -a "encrypt" -d 'Encrypt a message'
complete -c smime -n "__fish_smime_needs_command" -f -a "decrypt" -d 'Decrypt a message'
complete -c smime -n "__fish_smime_needs_command" -f -a "verify" -d 'Verify a signed message, and write what was signed'
complete -c smime -n "__fish_smime_needs_command" -f -a "inspect" -d 'Show everything about a message, a CMS object, certificates, keys or a policy'
complete -c smime -n "__fish_smime_needs_command" -f -a "policy" -d 'Show, explain and apply the policy: what happens to a message'
complete -c smime -n "__fish_smime_needs_command" -f -a "ca" -d 'Make and manage the local CA'
complete -c smime -n "__fish_smime_needs_command" -f -a "cert" -d 'Issue, import, export and look after certificates'
complete -c smime -n "__fish_smime_needs_command" -f -a "trust" -d 'Manage the list of trusted CAs'
complete -c smime -n "__fish_smime_needs_command" -f -a "crl" -d 'Manage the stored certificate revocation lists'
complete -c smime -n "__fish_smime_needs_command" -f -a "keystore" -d 'Check the keystore, and change its passphrase'
complete -c smime -n "__fish_smime_needs_command" -f -a "status" -d 'Show the state of the keystore on one screen'
complete -c smime -n "__fish_smime_needs_command" -f -a "settings" -d 'Show or change the settings of the keystore'
complete -c smime -n "__fish_smime_needs_command" -f -a "reasons" -d 'Explain the reason codes of reports'
complete -c smime -n "__fish_smime_needs_command" -f -a "completions" -d 'Print the completion script for a shell'
complete -c smime -n "__fish_smime_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand sign" -l output-dir -d 'Write what comes of each FILE into DIR, under the name of the FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand sign" -l signer -d 'Sign with this stored certificate: an address, or the first 8 or more digits of a fingerprint' -r
complete -c smime -n "__fish_smime_using_subcommand sign" -l identity -d 'Sign with the identity in FILE: PKCS #12, or PEM with key and certificate' -r -F
complete -c smime -n "__fish_smime_using_subcommand sign" -l digest -d 'Use this digest: auto, sha256, sha384 or sha512' -r
complete -c smime -n "__fish_smime_using_subcommand sign" -l include -d 'Send these certificates along: leaf, intermediates or chain' -r
complete -c smime -n "__fish_smime_using_subcommand sign" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand sign" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand sign" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand sign" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand sign" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand sign" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand sign" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand sign" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand sign" -l opaque -d 'Put the content into the CMS object, where no relay can change it by accident'
complete -c smime -n "__fish_smime_using_subcommand sign" -l pss -d 'Sign by RSASSA-PSS where the key is of RSA; some mail programs do not read it'
complete -c smime -n "__fish_smime_using_subcommand sign" -l protect-headers -d 'Sign the header fields of the message as well (RFC 9788)'
complete -c smime -n "__fish_smime_using_subcommand sign" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand sign" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand sign" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand sign" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand sign" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l output-dir -d 'Write what comes of each FILE into DIR, under the name of the FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l recipient -d 'Encrypt to this stored certificate instead of those for To and Cc: an address, or the first 8 or more digits of a fingerprint' -r
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l certificate -d 'Encrypt to the certificates in FILE instead of stored ones' -r -F
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l missing -d 'What to do about recipients without a certificate' -r -f -a "fail\t'Encrypt nothing'
skip\t'Leave them out'"
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l cipher -d 'Use this cipher: auto, aes-128-cbc, aes-256-cbc, aes-128-gcm or another that is offered' -r
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l signer -d 'Sign with this stored certificate: an address, or the first 8 or more digits of a fingerprint' -r
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l identity -d 'Sign with the identity in FILE: PKCS #12, or PEM with key and certificate' -r -F
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l digest -d 'Use this digest: auto, sha256, sha384 or sha512' -r
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l include -d 'Send these certificates along: leaf, intermediates or chain' -r
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l bcc-dir -d 'Write a copy for each Bcc recipient into DIR, as ADDRESS.eml' -r -F
complete -c smime -n "__fish_smime_using_subcommand encrypt" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand encrypt" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l to-self -d 'Encrypt to the sender as well, so that the copy in the sent folder can be read'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l oaep -d 'Use OAEP for RSA recipients; some mail programs do not read it'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l sign -d 'Sign first'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l opaque -d 'Put the content into the CMS object, where no relay can change it by accident'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l pss -d 'Sign by RSASSA-PSS where the key is of RSA; some mail programs do not read it'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l protect-headers -d 'Encrypt the header fields of the message as well, and hide the subject outside (RFC 9788)'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand encrypt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l output-dir -d 'Write what comes of each FILE into DIR, under the name of the FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l content -d 'The content of a detached signature, where FILE is a bare CMS object (DER, BER or PEM)' -r -F
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l identity -d 'Decrypt with the identity in FILE instead of stored ones: PKCS #12, or PEM with key and certificate' -r -F
complete -c smime -n "__fish_smime_using_subcommand decrypt" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand decrypt" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l verify -d 'Verify the signature inside as well, and write what was signed'
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand decrypt" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand decrypt" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand decrypt" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand decrypt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand verify" -l output-dir -d 'Write what comes of each FILE into DIR, under the name of the FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l content -d 'The content of a detached signature, where FILE is a bare CMS object (DER, BER or PEM)' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l envelope-from -d 'Compare the envelope sender with the From field; `<>` is the null sender' -r
complete -c smime -n "__fish_smime_using_subcommand verify" -l expect -d 'Expect this author, whatever the From field says' -r
complete -c smime -n "__fish_smime_using_subcommand verify" -l trust -d 'Trust the certificates in FILE instead of the stored CAs' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l untrusted -d 'Use the certificates in FILE as intermediates; they are not trusted for being there' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l crl -d 'Use the CRLs in FILE (PEM or DER), beside those stored and in the message' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l revocation -d 'Check certificates for revocation: off, soft or hard' -r
complete -c smime -n "__fish_smime_using_subcommand verify" -l rollover -d 'What to do when the sender signs with another certificate than the imported one: reject-first, accept or hold' -r
complete -c smime -n "__fish_smime_using_subcommand verify" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand verify" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand verify" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand verify" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand verify" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand verify" -l keep-signature -d 'Leave the signature in what is written'
complete -c smime -n "__fish_smime_using_subcommand verify" -l no-extract -d 'Extract no certificates'
complete -c smime -n "__fish_smime_using_subcommand verify" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand verify" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand verify" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand verify" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand verify" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand inspect" -l content -d 'The content of a detached signature, where FILE is a bare CMS object' -r -F
complete -c smime -n "__fish_smime_using_subcommand inspect" -l part -d 'Write one part, by the number that the tree of parts shows; 0 is the message' -r
complete -c smime -n "__fish_smime_using_subcommand inspect" -l identity -d 'Decrypt with the identity in FILE instead of stored ones: PKCS #12, or PEM with key and certificate' -r -F
complete -c smime -n "__fish_smime_using_subcommand inspect" -l trust -d 'Trust the certificates in FILE instead of the stored CAs' -r -F
complete -c smime -n "__fish_smime_using_subcommand inspect" -l untrusted -d 'Use the certificates in FILE as intermediates; they are not trusted for being there' -r -F
complete -c smime -n "__fish_smime_using_subcommand inspect" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand inspect" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand inspect" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand inspect" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand inspect" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand inspect" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand inspect" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand inspect" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand inspect" -l asn1 -d 'Show the ASN.1 structure of every CMS object, or of the file, as far as it can be read'
complete -c smime -n "__fish_smime_using_subcommand inspect" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand inspect" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand inspect" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand inspect" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand inspect" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -f -a "check" -d 'Explain what the policy would do with a message; changes nothing'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -f -a "apply" -d 'Do with a message what the policy says: the filter of a mail server'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -f -a "show" -d 'Show the policy in force, rule by rule'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -f -a "init" -d 'Write a policy file that holds only comments, which show every key'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -f -a "validate" -d 'Check a policy file: every key and value, and rules that can never match'
complete -c smime -n "__fish_smime_using_subcommand policy; and not __fish_seen_subcommand_from check apply show init validate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l direction -d 'Which way the message goes: outbound or inbound' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l envelope-from -d 'The envelope sender; `<>` is the null sender' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l envelope-to -d 'An envelope recipient; without any, those of To and Cc (and Bcc)' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l crl -d 'Use the CRLs in FILE (PEM or DER), beside those stored and in the message' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l revocation -d 'Check certificates for revocation: off, soft or hard' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l explain-all -d 'Show every rule, not only the one that matched: why those before it did not'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l output-dir -d 'Write what comes of each FILE into DIR, under the name of the FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l direction -d 'Which way the message goes: outbound or inbound' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l envelope-from -d 'The envelope sender; `<>` is the null sender' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l envelope-to -d 'An envelope recipient; without any, those of To and Cc (and Bcc)' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l crl -d 'Use the CRLs in FILE (PEM or DER), beside those stored and in the message' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l revocation -d 'Check certificates for revocation: off, soft or hard' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l split-dir -d 'Write a message for each group of recipients with the same outcome into DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l log -d 'Append one line of JSON to FILE for each decision, before the message is written' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "check" -d 'Explain what the policy would do with a message; changes nothing'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "apply" -d 'Do with a message what the policy says: the filter of a mail server'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the policy in force, rule by rule'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "init" -d 'Write a policy file that holds only comments, which show every key'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "validate" -d 'Check a policy file: every key and value, and rules that can never match'
complete -c smime -n "__fish_smime_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -f -a "init" -d 'Make the keystore and its local CA, and turn protection on'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -f -a "show" -d 'Show the certificate of the local CA'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -f -a "export" -d 'Write the certificate of the local CA, for partners who are to trust it'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -f -a "crl" -d 'Issue the certificate revocation list of the local CA'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -f -a "reset" -d 'Remove the local CA and all certificates and keys'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -f -a "restore" -d 'Bring back what `smime ca reset --backup` has written'
complete -c smime -n "__fish_smime_using_subcommand ca; and not __fish_seen_subcommand_from init show export crl reset restore help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l organization -d 'The organization that runs the CA' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l country -d 'Its country, as two letters' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l locality -d 'Its city or the like' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l email -d 'Where its operator is reached' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l name -d 'The name of the CA' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l import -d 'Take the CA in FILE instead of making one: PKCS #12, or PEM with certificate and key' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l key-type -d 'The type of its key' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l days -d 'How many days its certificate is valid' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l crl-url -d 'Say in the certificates it issues that its CRL is published at URL' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l no-passphrase -d 'Protect private keys by file modes alone'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l if-missing -d 'Succeed without doing anything if there is a CA'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l format -d 'The form of the file' -r -f -a "pem\t'Text that any program reads'
der\t'Binary, one certificate'
p7c\t'PKCS #7: binary, any number of certificates'"
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l days -d 'In how many days the next one is due at the latest' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l format -d 'The form of the file' -r -f -a "pem\t'Text'
der\t'Binary, as it is published at a URL (RFC 5280 section 4.2.1.13)'"
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from crl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l backup -d 'First write everything to FILE, encrypted, for `smime ca restore`' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l dry-run -d 'List what would be removed, and remove nothing'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l yes -d 'Do not ask'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make the keystore and its local CA, and turn protection on'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the certificate of the local CA'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write the certificate of the local CA, for partners who are to trust it'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "crl" -d 'Issue the certificate revocation list of the local CA'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "reset" -d 'Remove the local CA and all certificates and keys'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Bring back what `smime ca reset --backup` has written'
complete -c smime -n "__fish_smime_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "issue" -d 'Issue a certificate to a user'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "import" -d 'Import certificates, with or without private keys'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "export" -d 'Export a certificate, by default without its private key'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "check" -d 'Check whether a certificate would be accepted'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "list" -d 'List the stored certificates'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "show" -d 'Show everything about a certificate'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "renew" -d 'Renew certificates that the local CA has issued'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "revoke" -d 'Revoke a certificate that the local CA has issued'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "remove" -d 'Remove a certificate, and its private key if there is one'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "approve" -d 'Approve a held certificate'
complete -c smime -n "__fish_smime_using_subcommand cert; and not __fish_seen_subcommand_from issue import export check list show renew revoke remove approve help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l name -d 'The name of the user; else the first address' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l csr -d 'Sign the certification request in FILE (PKCS #10) instead of making a key' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l key-type -d 'The type of the key' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l days -d 'How many days the certificate is valid: at most 825, and not beyond the CA\'s own' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l usage -d 'What the key is for; else everything that it can be used for' -r -f -a "sign\t''
encrypt\t''
both\t''"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l if-missing -d 'Succeed without doing anything if there is a usable certificate for all the addresses'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l address -d 'Use the certificate for this address instead of those it holds' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l format -d 'The form of the file' -r -f -a "p12\t'Encrypted PKCS #12'
pem\t'Text that any program reads'
der\t'Binary, the certificate alone'
p7c\t'PKCS #7: binary, the certificate alone'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l with-private-key -d 'Export the private key too, encrypted, with the certificates of the CAs above'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l legacy -d 'Encrypt with triple DES and SHA-1, for old programs that import nothing else'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l trust -d 'Trust the certificates in FILE instead of the stored CAs' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l untrusted -d 'Use the certificates in FILE as intermediates; they are not trusted for being there' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l crl -d 'Use the CRLs in FILE (PEM or DER), beside those stored and in the message' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l revocation -d 'Check certificates for revocation: off, soft or hard' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l purpose -d 'What the certificate is wanted for' -r -f -a "sign\t''
encrypt\t''
any\t''"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l address -d 'The address it must hold' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l policy-oid -d 'A certificate policy that is acceptable; repeatable. Without it any policy is' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l require-explicit-policy -d 'Demand that the path is valid for an acceptable policy, even if no CA demands one'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l inhibit-policy-mapping -d 'Do not let policies of other CAs stand for acceptable ones'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l inhibit-any-policy -d 'Do not let a CA\'s anyPolicy stand for acceptable policies'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l address -d 'Only those for this address' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l expiring -d 'Only those that are valid and end within this many days' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l expiring -d 'Renew all that are valid, end within this many days, and have no successor yet' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l days -d 'How many days the new certificate is valid: at most 825, and not beyond the CA\'s own' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l rekey -d 'Make a new key, of the type that the setting `key-type` says'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l reason -d 'Why: unspecified, key-compromise, affiliation-changed, superseded, cessation-of-operation or privilege-withdrawn' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "issue" -d 'Issue a certificate to a user'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "import" -d 'Import certificates, with or without private keys'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "export" -d 'Export a certificate, by default without its private key'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check whether a certificate would be accepted'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the stored certificates'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show everything about a certificate'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Renew certificates that the local CA has issued'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Revoke a certificate that the local CA has issued'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a certificate, and its private key if there is one'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "approve" -d 'Approve a held certificate'
complete -c smime -n "__fish_smime_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -f -a "add" -d 'Add CAs to the list of trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -f -a "list" -d 'List the trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -f -a "remove" -d 'Take a CA off the list of trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand trust; and not __fish_seen_subcommand_from add list remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add CAs to the list of trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Take a CA off the list of trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand trust; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -f -a "add" -d 'Store certificate revocation lists'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -f -a "list" -d 'List the stored certificate revocation lists'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -f -a "remove" -d 'Remove a stored certificate revocation list'
complete -c smime -n "__fish_smime_using_subcommand crl; and not __fish_seen_subcommand_from add list remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from help" -f -a "add" -d 'Store certificate revocation lists'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the stored certificate revocation lists'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a stored certificate revocation list'
complete -c smime -n "__fish_smime_using_subcommand crl; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -f -a "check" -d 'Look at every file of the keystore, and name what is damaged'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -f -a "passphrase" -d 'Change the passphrase of all private keys at once'
complete -c smime -n "__fish_smime_using_subcommand keystore; and not __fish_seen_subcommand_from check passphrase help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l repair -d 'Repair what can be without losing anything'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l new-passphrase-file -d 'Read the new passphrase from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l new-passphrase-fd -d 'Read the new passphrase from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l no-passphrase -d 'Have none from now on: protect private keys by file modes alone'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from passphrase" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from help" -f -a "check" -d 'Look at every file of the keystore, and name what is damaged'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from help" -f -a "passphrase" -d 'Change the passphrase of all private keys at once'
complete -c smime -n "__fish_smime_using_subcommand keystore; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand status" -l expiring -d 'How soon a certificate must end to be listed' -r
complete -c smime -n "__fish_smime_using_subcommand status" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand status" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand status" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand status" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand status" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand status" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand status" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand status" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand status" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand status" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand status" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand status" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand status" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand settings" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand settings" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand settings" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand settings" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand settings" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand settings" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand settings" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand settings" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand settings" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand settings" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand settings" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand settings" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand settings" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand settings" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand reasons" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand reasons" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand reasons" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand reasons" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand reasons" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand reasons" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand reasons" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand reasons" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand reasons" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand reasons" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand reasons" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand reasons" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand reasons" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand reasons" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand completions" -s k -l keystore -d 'Use the keystore in DIR' -r -F
complete -c smime -n "__fish_smime_using_subcommand completions" -l time -d 'Judge at this time instead of now' -r
complete -c smime -n "__fish_smime_using_subcommand completions" -s o -l output -d 'Write the result to FILE instead of stdout' -r -F
complete -c smime -n "__fish_smime_using_subcommand completions" -l color -d 'When to use color' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c smime -n "__fish_smime_using_subcommand completions" -l passphrase-file -d 'Read the passphrase of the keystore from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand completions" -l passphrase-fd -d 'Read the passphrase of the keystore from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand completions" -l file-passphrase-file -d 'Read the passphrase of a protected file from FILE' -r -F
complete -c smime -n "__fish_smime_using_subcommand completions" -l file-passphrase-fd -d 'Read the passphrase of a protected file from the open file descriptor N' -r
complete -c smime -n "__fish_smime_using_subcommand completions" -l no-keystore -d 'Use no keystore, only the files that are named'
complete -c smime -n "__fish_smime_using_subcommand completions" -l json -d 'Put one JSON document on stdout instead of the result'
complete -c smime -n "__fish_smime_using_subcommand completions" -s q -l quiet -d 'Tell only answers and errors'
complete -c smime -n "__fish_smime_using_subcommand completions" -s v -l verbose -d 'Tell everything that was checked'
complete -c smime -n "__fish_smime_using_subcommand completions" -l no-progress -d 'Show no progress of long work'
complete -c smime -n "__fish_smime_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "sign" -d 'Sign a message'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "encrypt" -d 'Encrypt a message'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "decrypt" -d 'Decrypt a message'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "verify" -d 'Verify a signed message, and write what was signed'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "inspect" -d 'Show everything about a message, a CMS object, certificates, keys or a policy'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "policy" -d 'Show, explain and apply the policy: what happens to a message'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "ca" -d 'Make and manage the local CA'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "cert" -d 'Issue, import, export and look after certificates'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "trust" -d 'Manage the list of trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "crl" -d 'Manage the stored certificate revocation lists'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "keystore" -d 'Check the keystore, and change its passphrase'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "status" -d 'Show the state of the keystore on one screen'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "settings" -d 'Show or change the settings of the keystore'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "reasons" -d 'Explain the reason codes of reports'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "completions" -d 'Print the completion script for a shell'
complete -c smime -n "__fish_smime_using_subcommand help; and not __fish_seen_subcommand_from sign encrypt decrypt verify inspect policy ca cert trust crl keystore status settings reasons completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "check" -d 'Explain what the policy would do with a message; changes nothing'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "apply" -d 'Do with a message what the policy says: the filter of a mail server'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "show" -d 'Show the policy in force, rule by rule'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "init" -d 'Write a policy file that holds only comments, which show every key'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "validate" -d 'Check a policy file: every key and value, and rules that can never match'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "init" -d 'Make the keystore and its local CA, and turn protection on'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "show" -d 'Show the certificate of the local CA'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "export" -d 'Write the certificate of the local CA, for partners who are to trust it'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "crl" -d 'Issue the certificate revocation list of the local CA'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "reset" -d 'Remove the local CA and all certificates and keys'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "restore" -d 'Bring back what `smime ca reset --backup` has written'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "issue" -d 'Issue a certificate to a user'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "import" -d 'Import certificates, with or without private keys'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "export" -d 'Export a certificate, by default without its private key'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "check" -d 'Check whether a certificate would be accepted'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "list" -d 'List the stored certificates'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "show" -d 'Show everything about a certificate'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "renew" -d 'Renew certificates that the local CA has issued'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "revoke" -d 'Revoke a certificate that the local CA has issued'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "remove" -d 'Remove a certificate, and its private key if there is one'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "approve" -d 'Approve a held certificate'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from trust" -f -a "add" -d 'Add CAs to the list of trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from trust" -f -a "list" -d 'List the trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from trust" -f -a "remove" -d 'Take a CA off the list of trusted CAs'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from crl" -f -a "add" -d 'Store certificate revocation lists'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from crl" -f -a "list" -d 'List the stored certificate revocation lists'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from crl" -f -a "remove" -d 'Remove a stored certificate revocation list'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from keystore" -f -a "check" -d 'Look at every file of the keystore, and name what is damaged'
complete -c smime -n "__fish_smime_using_subcommand help; and __fish_seen_subcommand_from keystore" -f -a "passphrase" -d 'Change the passphrase of all private keys at once'
