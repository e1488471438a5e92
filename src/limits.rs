//! Every bound on what hostile input controls, in one table.
//!
//! A bound that is reached ends in a finding or an error that names it; none is ever met by a
//! silent cut. Sizes are in octets.

/// Bytes of a [`Source`](crate::source::Source) or [`Spool`](crate::spool::Spool) held in memory
/// before it moves to a file.
pub const MEMORY_SPOOL: usize = 1 << 20;

/// Nested entities: multipart and message parts inside one another.
pub const ENTITY_DEPTH: usize = 64;

/// Body parts of one message, all levels together.
pub const ENTITY_PARTS: usize = 10_000;

/// The header of one entity.
pub const HEADER_SIZE: usize = 4 << 20;

/// Lines of the header of one entity; a field that is folded has several.
pub const HEADER_LINES: usize = 10_000;

/// The headers of all entities of one message together.
pub const HEADERS_SIZE: usize = 16 << 20;

/// Octets of a boundary that is looked for: its delimiter fits on a line of RFC 5322. The standard
/// allows 70 (RFC 2046 section 5.1.1), and real mail has longer ones.
pub const BOUNDARY_LENGTH: usize = 994;

/// Files of a batch that may be done before one that takes longer, and wait to be told of.
pub const BATCH_AHEAD: usize = 1_000;

/// Files of a batch that are settled together; as many more may wait meanwhile. Each is open until
/// then, and a process may have 1,024 open, on some systems 256.
pub const BATCH_GROUP: usize = 64;

/// Octets of content that any compressed one may stand for, however few it has.
pub const EXPANSION_FREE: u64 = 1 << 20;

/// Octets of content for each compressed one beyond that. Text has 3 to 20, and zlib can do 1,030.
pub const EXPANSION_RATIO: u64 = 200;

/// Octets of content that was compressed, whatever the ratio.
pub const DECOMPRESSED_SIZE: u64 = 4 << 30;

/// Cryptographic layers opened one after the other.
pub const LAYERS: usize = 16;

/// Signed and encrypted parts of one message that are inspected beside its layers.
pub const INSPECTED_OBJECTS: usize = 200;

/// Elements of ASN.1 structures in one document.
pub const ASN1_ELEMENTS: usize = 100_000;

/// Nested BER elements.
pub const BER_DEPTH: usize = 64;

/// One BER element that is read whole: a certificate, a SignerInfo, an attribute.
pub const BER_ELEMENT: usize = 4 << 20;

/// A whole object read at once: a detached signature's certificates and signers, a PKCS #12 file.
pub const OBJECT_SIZE: usize = 64 << 20;

/// A distinguished name.
pub const NAME_SIZE: usize = 64 << 10;

/// Certificates carried by one SignedData.
pub const CERTIFICATES: usize = 1_000;

/// Certificates read from one file; bundles of trusted CAs have a few hundred.
pub const FILE_CERTIFICATES: usize = 10_000;

/// SignerInfos of one SignedData.
pub const SIGNERS: usize = 64;

/// Attributes of one SignerInfo, their values counted as well.
pub const ATTRIBUTES: usize = 1_000;

/// The subject key identifier that names a signer; usual are 20.
pub const KEY_IDENTIFIER: usize = 1 << 10;

/// The signature of one signer; post-quantum ones take some 50,000.
pub const SIGNATURE: usize = 256 << 10;

/// S/MIME capabilities of one correspondent.
pub const CAPABILITIES: usize = 1_000;

/// Digest algorithms declared by one SignedData.
pub const DIGEST_ALGORITHMS: usize = 64;

/// First octets of a content kept to tell signed attributes that are passed off as content.
pub const CONTENT_PREFIX: usize = 16 << 10;

/// RecipientInfos of one EnvelopedData.
pub const RECIPIENTS: usize = 10_000;

/// Signatures checked while one certification path is searched.
pub const PATH_SIGNATURES: usize = 200;

/// Candidate certificates looked at while one certification path is searched.
pub const PATH_STEPS: usize = 5_000;

/// Paths judged while one certification path is searched.
pub const PATHS_TRIED: usize = 500;

/// Names compared with name constraints while one certification path is searched.
pub const NAME_COMPARISONS: usize = 250_000;

/// Certificate policies, and policy mappings, of one certificate.
pub const POLICIES: usize = 1_000;

/// Certificates in a certification path, end entity and trust anchor included.
pub const PATH_LENGTH: usize = 20;

/// Entries of one CRL that is used; the largest of public CAs have some hundred thousand.
pub const CRL_ENTRIES: usize = 2_000_000;

/// CRLs in one file, and CRLs stored.
pub const CRLS: usize = 1_000;

/// CRL distribution points of one certificate.
pub const DISTRIBUTION_POINTS: usize = 64;

/// Signatures of CRLs checked while one certification path is searched.
pub const CRL_SIGNATURES: usize = 64;

/// Paths searched for signers of CRLs while one certification path is searched.
pub const CRL_SIGNER_PATHS: usize = 32;

/// Signers of CRLs whose own certificates need the CRL of another, one above the other.
pub const CRL_SIGNER_DEPTH: usize = 4;

/// Iterations of PBKDF2, or of the PKCS #12 derivation, that a file may ask for.
pub const KDF_ITERATIONS: u32 = 10_000_000;

/// Iterations of all parts of one PKCS #12 file together, and of all forms of the passphrase that are
/// tried. NSS and GnuTLS ask for 600,000 in each part, and a backup can have dozens.
pub const PKCS12_ITERATIONS: u64 = 50_000_000;

/// Memory that scrypt may take for a file (128 · N · r).
pub const SCRYPT_MEMORY: u64 = 64 << 20;

/// Times that scrypt may fill that memory (p).
pub const SCRYPT_PARALLELIZATION: u32 = 16;

/// SafeContents nested in one another in a PKCS #12 file.
pub const PKCS12_DEPTH: usize = 8;

/// A passphrase that is read from a file or a descriptor.
pub const PASSPHRASE: usize = 4 << 10;

/// RSA moduli that are computed with, in bits; longer ones only waste time.
pub const RSA_BITS: usize = 16_384;

/// One settings, policy, record or index file of the keystore.
pub const KEYSTORE_FILE: usize = 1 << 20;

/// Repairs that are tried to explain why a digest does not match, for one message.
pub const DAMAGE_ATTEMPTS: usize = 6_000;

/// Octets that are digested for that, for one message.
pub const DAMAGE_WORK: u64 = 64 << 20;

/// Headers of all parts together up to which changes of their form are tried.
pub const DAMAGE_HEADERS: usize = 32 << 10;

/// Parts up to which changes of the form of parts are tried.
pub const DAMAGE_PARTS: usize = 64;

/// The length of a content up to which a lost NUL is looked for at every place.
pub const DAMAGE_NUL_SEARCH: u64 = 2 << 10;

/// Octets of the backup of a keystore.
pub const ARCHIVE_SIZE: usize = 1 << 30;
