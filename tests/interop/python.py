"""Signs, encrypts and decrypts with Python's cryptography, over files of the current directory.

    python.py sign NAME FORM DIGEST [OPTION...]   content -> object
    python.py encrypt NAME FORM CIPHER            content -> object
    python.py decrypt NAME FORM                   object -> stdout
    python.py certificates                        object -> stdout, in PEM

FORM is DER, PEM or SMIME; the OPTIONs are those of PKCS7Options, and PSS.
"""

import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7


def read(name):
    with open(name, "rb") as file:
        return file.read()


def write(octets):
    with open("object", "wb") as file:
        file.write(octets)


def certificate(name):
    return x509.load_pem_x509_certificate(read(name + ".pem"))


def key(name):
    return serialization.load_pem_private_key(read(name + ".key"), None)


def sign(name, form, digest, *options):
    digest = getattr(hashes, digest)()
    pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
    signing = pkcs7.PKCS7SignatureBuilder().set_data(read("content")).add_signer(
        certificate(name), key(name), digest, rsa_padding=pss if "PSS" in options else None
    )
    flags = [getattr(pkcs7.PKCS7Options, option) for option in options if option != "PSS"]
    write(signing.sign(getattr(serialization.Encoding, form), flags))


def encrypt(name, form, cipher):
    enveloping = (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(read("content"))
        .add_recipient(certificate(name))
        .set_content_encryption_algorithm(getattr(algorithms, cipher))
    )
    flags = [pkcs7.PKCS7Options.Binary]
    write(enveloping.encrypt(getattr(serialization.Encoding, form), flags))


def decrypt(name, form):
    decrypting = getattr(pkcs7, "pkcs7_decrypt_" + form.lower())
    content = decrypting(read("object"), certificate(name), key(name), [])
    sys.stdout.buffer.write(content)


def certificates():
    for found in pkcs7.load_der_pkcs7_certificates(read("object")):
        sys.stdout.buffer.write(found.public_bytes(serialization.Encoding.PEM))


if __name__ == "__main__":
    operations = {
        operation.__name__: operation for operation in (sign, encrypt, decrypt, certificates)
    }
    operations[sys.argv[1]](*sys.argv[2:])
