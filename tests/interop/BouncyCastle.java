// Drives Bouncy Castle for the tests: one process for all of them, which reads one request a line.
//
//     DIRECTORY<TAB>OPERATION<TAB>ARGUMENT...
//
// Files are those of the directory: NAME.pem and NAME.key of the parties, ca.pem, content (what is
// signed or encrypted), entity (the same as mail), object (a CMS object) and message (mail). Each
// request is answered with one line: "done", or "failed: " and why.

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.mail.Session;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSCompressedDataGenerator;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.RecipientInformationStore;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientId;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientId;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.ZlibCompressor;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.mail.smime.SMIMEEnveloped;
import org.bouncycastle.mail.smime.SMIMEEnvelopedGenerator;
import org.bouncycastle.mail.smime.SMIMESigned;
import org.bouncycastle.mail.smime.SMIMESignedGenerator;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;
import org.bouncycastle.util.Store;

@SuppressWarnings("unchecked")
public final class BouncyCastle {
  private static final String BC = "BC";
  private static final Session SESSION = Session.getInstance(new Properties());

  private final Path directory;
  private final String[] arguments;

  private BouncyCastle(String[] request) {
    directory = Path.of(request[0]);
    arguments = request;
  }

  public static void main(String[] none) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      String answer = "done";
      try {
        new BouncyCastle(line.split("\t")).run();
      } catch (Exception | LinkageError error) {
        StringBuilder why = new StringBuilder("failed:");
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
          why.append(' ').append(cause);
        }
        answer = why.toString().replaceAll("\\s+", " ");
      }
      System.out.println(answer);
    }
  }

  private void run() throws Exception {
    switch (arguments[1]) {
      case "sign" -> sign(arguments[2], arguments[3], arguments[4]);
      case "verify" -> verify(arguments[2], arguments[3]);
      case "encrypt" -> encrypt(arguments[2], arguments[3], arguments[4], arguments[5]);
      case "decrypt" -> decrypt(arguments[2], arguments[3]);
      case "compress" -> compress();
      case "write-pkcs12" -> writePkcs12(arguments[2], arguments[3], arguments[4]);
      case "read-pkcs12" -> readPkcs12(arguments[2], arguments[3], arguments[4]);
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  /** Signs as NAME: content into object (detached, opaque, stream), or entity into message (clear). */
  private void sign(String name, String algorithm, String form) throws Exception {
    SignerInfoGenerator signer =
        new JcaSimpleSignerInfoGeneratorBuilder()
            .setProvider(BC)
            .build(algorithm, key(name), certificate(name));
    Store<?> certificates = new JcaCertStore(List.of(certificate(name)));
    if (form.equals("clear")) {
      SMIMESignedGenerator generator = new SMIMESignedGenerator();
      generator.addSignerInfoGenerator(signer);
      generator.addCertificates(certificates);
      MimeMultipart signed =
          generator.generate(new MimeBodyPart(new ByteArrayInputStream(read("entity"))));
      MimeMessage message = mail(name);
      message.setContent(signed, signed.getContentType());
      write(message);
    } else if (form.equals("stream")) {
      CMSSignedDataStreamGenerator generator = new CMSSignedDataStreamGenerator();
      generator.addSignerInfoGenerator(signer);
      generator.addCertificates(certificates);
      ByteArrayOutputStream object = new ByteArrayOutputStream();
      try (OutputStream content = generator.open(object, true)) {
        content.write(read("content"));
      }
      write("object", object.toByteArray());
    } else {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(signer);
      generator.addCertificates(certificates);
      CMSProcessableByteArray content = new CMSProcessableByteArray(read("content"));
      write("object", generator.generate(content, form.equals("opaque")).getEncoded());
    }
  }

  /** Verifies an object over the file CONTENT, with its content inside ("opaque"), or mail ("clear"). */
  private void verify(String name, String form) throws Exception {
    CMSSignedData signed;
    if (form.equals("clear")) {
      MimeMessage message = new MimeMessage(SESSION, new ByteArrayInputStream(read("message")));
      signed = new SMIMESigned((MimeMultipart) message.getContent());
    } else if (form.equals("opaque")) {
      signed = new CMSSignedData(read("object"));
      write("opened", (byte[]) signed.getSignedContent().getContent());
    } else {
      signed = new CMSSignedData(new CMSProcessableByteArray(read(form)), read("object"));
    }
    Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
    if (signers.size() != 1) {
      throw new IllegalStateException(signers.size() + " signers");
    }
    for (SignerInformation signer : signers) {
      Object found = signed.getCertificates().getMatches(signer.getSID()).iterator().next();
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .setProvider(BC)
              .getCertificate((X509CertificateHolder) found);
      if (!certificate.equals(certificate(name))) {
        throw new IllegalStateException("signed by " + certificate.getSubjectX500Principal());
      }
      validate(certificate);
      if (!signer.verify(
          new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(certificate))) {
        throw new IllegalStateException("the signature does not match");
      }
    }
  }

  private void validate(X509Certificate certificate) throws Exception {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate("ca"), null)));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX", BC)
        .validate(
            CertificateFactory.getInstance("X.509", BC).generateCertPath(List.of(certificate)),
            parameters);
  }

  /**
   * Encrypts to NAMES with a constant of CMSAlgorithm as the cipher. MANAGEMENT is pkcs1, oaep-DIGEST
   * or a key agreement of CMSAlgorithm; FORM is object, stream or mail.
   */
  private void encrypt(String names, String cipher, String management, String form)
      throws Exception {
    JceCMSContentEncryptorBuilder builder =
        new JceCMSContentEncryptorBuilder(algorithm(cipher)).setProvider(BC);
    OutputEncryptor encryptor = builder.build();
    CMSProcessableByteArray content = new CMSProcessableByteArray(read("content"));
    if (encryptor instanceof OutputAEADEncryptor authenticating) {
      CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
      for (String name : names.split(",")) {
        generator.addRecipientInfoGenerator(recipient(name, management));
      }
      write("object", generator.generate(content, authenticating).getEncoded());
    } else if (form.equals("mail")) {
      SMIMEEnvelopedGenerator generator = new SMIMEEnvelopedGenerator();
      for (String name : names.split(",")) {
        generator.addRecipientInfoGenerator(recipient(name, management));
      }
      MimeBodyPart encrypted =
          generator.generate(
              new MimeBodyPart(new ByteArrayInputStream(read("entity"))), encryptor);
      MimeMessage message = mail("sender");
      message.setContent(encrypted.getContent(), encrypted.getContentType());
      write(message);
    } else if (form.equals("stream")) {
      CMSEnvelopedDataStreamGenerator generator = new CMSEnvelopedDataStreamGenerator();
      for (String name : names.split(",")) {
        generator.addRecipientInfoGenerator(recipient(name, management));
      }
      ByteArrayOutputStream object = new ByteArrayOutputStream();
      try (OutputStream out = generator.open(object, encryptor)) {
        out.write(read("content"));
      }
      write("object", object.toByteArray());
    } else {
      CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
      for (String name : names.split(",")) {
        generator.addRecipientInfoGenerator(recipient(name, management));
      }
      write("object", generator.generate(content, encryptor).getEncoded());
    }
  }

  private RecipientInfoGenerator recipient(String name, String management) throws Exception {
    X509Certificate certificate = certificate(name);
    if (certificate.getPublicKey() instanceof ECPublicKey key) {
      KeyPairGenerator ephemeral = KeyPairGenerator.getInstance("EC", BC);
      ephemeral.initialize(key.getParams());
      KeyPair pair = ephemeral.generateKeyPair();
      String agreement = management.startsWith("EC") ? management : "ECDH_SHA256KDF";
      return new JceKeyAgreeRecipientInfoGenerator(
              algorithm(agreement), pair.getPrivate(), pair.getPublic(), CMSAlgorithm.AES256_WRAP)
          .setProvider(BC)
          .addRecipient(certificate);
    }
    if (!management.startsWith("oaep-")) {
      return new JceKeyTransRecipientInfoGenerator(certificate).setProvider(BC);
    }
    String digest = management.substring("oaep-".length());
    AlgorithmParameterSpec oaep =
        new OAEPParameterSpec(
            digest, "MGF1", new MGF1ParameterSpec(digest), PSource.PSpecified.DEFAULT);
    return new JceKeyTransRecipientInfoGenerator(
            certificate,
            new JcaAlgorithmParametersConverter()
                .getAlgorithmIdentifier(
                    org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_RSAES_OAEP, oaep))
        .setProvider(BC);
  }

  /** Decrypts as NAME: object into opened, or message ("mail") into opened. */
  private void decrypt(String name, String form) throws Exception {
    RecipientInformationStore recipients;
    if (form.equals("mail")) {
      MimeMessage message = new MimeMessage(SESSION, new ByteArrayInputStream(read("message")));
      recipients = new SMIMEEnveloped(message).getRecipientInfos();
    } else {
      byte[] object = read("object");
      ASN1ObjectIdentifier type =
          org.bouncycastle.asn1.cms.ContentInfo.getInstance(object).getContentType();
      recipients =
          type.equals(CMSObjectIdentifiers.authEnvelopedData)
              ? new CMSAuthEnvelopedData(object).getRecipientInfos()
              : new CMSEnvelopedData(object).getRecipientInfos();
    }
    X509Certificate certificate = certificate(name);
    boolean agrees = certificate.getPublicKey() instanceof ECPublicKey;
    RecipientInformation own =
        recipients.get(
            agrees
                ? new JceKeyAgreeRecipientId(certificate)
                : new JceKeyTransRecipientId(certificate));
    Recipient recipient =
        agrees
            ? new JceKeyAgreeEnvelopedRecipient(key(name)).setProvider(BC)
            : new JceKeyTransEnvelopedRecipient(key(name)).setProvider(BC);
    write("opened", own.getContent(recipient));
  }

  private void compress() throws Exception {
    CMSProcessableByteArray content = new CMSProcessableByteArray(read("content"));
    write(
        "object",
        new CMSCompressedDataGenerator().generate(content, new ZlibCompressor()).getEncoded());
  }

  private void writePkcs12(String name, String file, String passphrase) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12", BC);
    store.load(null, null);
    Certificate[] chain = {certificate(name), certificate("ca")};
    store.setKeyEntry(name, key(name), null, chain);
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    store.store(octets, passphrase.toCharArray());
    write(file, octets.toByteArray());
  }

  private void readPkcs12(String name, String file, String passphrase) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12", BC);
    store.load(new ByteArrayInputStream(read(file)), passphrase.toCharArray());
    String alias = store.aliases().nextElement();
    if (!store.getKey(alias, null).equals(key(name))
        || !store.getCertificate(alias).equals(certificate(name))) {
      throw new IllegalStateException("another key or certificate");
    }
  }

  private static ASN1ObjectIdentifier algorithm(String name) throws Exception {
    return (ASN1ObjectIdentifier) CMSAlgorithm.class.getField(name).get(null);
  }

  private static MimeMessage mail(String name) throws Exception {
    MimeMessage message = new MimeMessage(SESSION);
    message.setFrom(new InternetAddress(name + "@example.com"));
    message.setRecipient(MimeMessage.RecipientType.TO, new InternetAddress("reader@example.com"));
    message.setSubject("Interoperability");
    return message;
  }

  private void write(MimeMessage message) throws Exception {
    message.saveChanges();
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    message.writeTo(octets);
    write("message", octets.toByteArray());
  }

  private X509Certificate certificate(String name) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509", BC)
            .generateCertificate(new ByteArrayInputStream(read(name + ".pem")));
  }

  private PrivateKey key(String name) throws Exception {
    String pem = new String(read(name + ".key"), StandardCharsets.US_ASCII);
    Object key = new PEMParser(new StringReader(pem)).readObject();
    PrivateKeyInfo info =
        key instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : (PrivateKeyInfo) key;
    return new JcaPEMKeyConverter().setProvider(BC).getPrivateKey(info);
  }

  private byte[] read(String name) throws Exception {
    return Files.readAllBytes(directory.resolve(name));
  }

  private void write(String name, byte[] octets) throws Exception {
    Files.write(directory.resolve(name), octets);
  }
}
