/* libcrypto: keys and signatures of the two suites. */
#ifndef PEN_ADAPTER_SIGNATURE_H
#define PEN_ADAPTER_SIGNATURE_H

#include "adapter/digest.h"

/* A key pair, or a public key alone; it knows its suite. To sign, or to write
 * the private half, with a public key alone is a programming mistake (assert). */
struct pen_key;

/* Asks for a passphrase: writes at most room bytes with NUL to buf, returns the
 * length, or -1 to give up. May be NULL: then an encrypted key is refused. The
 * terminal is never asked from here. */
typedef int pen_passphrase(void *context, char *buf, int room);

/* A new key pair, from the system's random numbers. */
enum pen_status pen_signature__generate(struct pen_key **key, enum pen_suite suite, struct pen_error *error);
/* PEM as OpenSSL writes it (PKCS #8, also encrypted; or a traditional EC key).
 * A key of another suite ("key.suite") is PEN_INPUT and says which was expected;
 * so is what is no key ("key.unreadable"). A passphrase that is missing or wrong
 * is PEN_REFUSED ("key.passphrase"). Wiping `pem` is up to the caller. */
enum pen_status pen_signature__read_private(struct pen_key **key, enum pen_suite suite,
    const char *pem, size_t n, pen_passphrase *ask, void *context, struct pen_error *error);
/* SubjectPublicKeyInfo as PEM ("BEGIN PUBLIC KEY"). The point must be one of the
 * curve. In whatever form it came, it is written in one: point uncompressed,
 * curve by name. Refuses as above. */
enum pen_status pen_signature__read_public(struct pen_key **key, enum pen_suite suite,
    const char *pem, size_t n, struct pen_error *error);
/* To PEM, NUL-terminated; free with pen_memory__free. With a passphrase the
 * private key is PKCS #8 under AES-256-CBC; without, plain PKCS #8. */
enum pen_status pen_signature__write_private(const struct pen_key *key, const char *passphrase,
    char **pem, struct pen_error *error);
enum pen_status pen_signature__write_public(const struct pen_key *key, char **pem, struct pen_error *error);
/* The public key's raw bytes as C2SP names them: 32 for Ed25519; for SM2 the
 * DER of the SubjectPublicKeyInfo. Free with pen_memory__free. */
enum pen_status pen_signature__raw_public(const struct pen_key *key, unsigned char **bytes,
    size_t *n, struct pen_error *error);
bool pen_signature__same(const struct pen_key *a, const struct pen_key *b);	/* same public key */
void pen_signature__free(struct pen_key *key);

#define PEN_SIGNATURE_ROOM 128	/* the longest is 72 */
/* SM2: DER of (r, s) over SM3 with the standard's default id 1234567812345678
 * (GB/T 32918.2), another each time. Ed25519: 64 bytes (RFC 8032), the same each
 * time. verify makes `good` true
 * for a good signature by this key and in no other case; it fails (PEN_SYSTEM) only
 * where libcrypto could not do its work, which says nothing of the signature. */
enum pen_status pen_signature__sign(const struct pen_key *key, const void *bytes, size_t n,
    unsigned char out[PEN_SIGNATURE_ROOM], size_t *out_n, struct pen_error *error);
enum pen_status pen_signature__verify(const struct pen_key *key, const void *bytes, size_t n,
    const unsigned char *signature, size_t signature_n, bool *good, struct pen_error *error);

#endif
