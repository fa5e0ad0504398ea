/* libcrypto: the digests of the two suites. */
#ifndef PEN_ADAPTER_DIGEST_H
#define PEN_ADAPTER_DIGEST_H

#include "pen.h"

/* sm2-sm3: SM3 (GB/T 32905). ed25519-sha256: SHA-256. Both give 32 bytes. */
enum pen_suite { PEN_SM2_SM3 = 1, PEN_ED25519_SHA256 = 2 };

#define PEN_DIGEST_SIZE 32
#define PEN_DIGEST_HEX (2 * PEN_DIGEST_SIZE + 1)

/* libcrypto sets itself up at its first use. Where memory runs out at that, this alone
 * says so (false): its other calls go on with what is not there, and crash. So each first
 * call asks. */
bool pen_digest__set_up(void);

const char *pen_digest__suite_name(enum pen_suite suite);	/* "sm2-sm3" */
int pen_digest__suite(const char *name, enum pen_suite *suite);	/* 0, or -1 */
const char *pen_digest__name(enum pen_suite suite);		/* "sm3", "sha256" */

/* A running digest that can be used again and again: start, add …, end. Start
 * may come at any time and forgets what was added. It belongs to one thread at
 * a time. The calls between new and free take no memory and cannot fail. */
struct pen_digest;
struct pen_digest *pen_digest__new(enum pen_suite suite);	/* NULL: no memory, or a libcrypto without it */
void pen_digest__start(struct pen_digest *digest);
void pen_digest__add(struct pen_digest *digest, const void *bytes, size_t n);
void pen_digest__end(struct pen_digest *digest, unsigned char out[PEN_DIGEST_SIZE]);
void pen_digest__free(struct pen_digest *digest);

/* In one call; false: as NULL above. For many digests keep a running one. */
bool pen_digest__of(enum pen_suite suite, const void *bytes, size_t n, unsigned char out[PEN_DIGEST_SIZE]);
/* HMAC (RFC 2104) with the suite's digest; a key of any length, also none. False
 * as above. */
bool pen_digest__hmac(enum pen_suite suite, const void *key, size_t key_n, const void *bytes,
    size_t n, unsigned char out[PEN_DIGEST_SIZE]);
/* Bytes that nobody can guess: keys, secrets, salts. PEN_SYSTEM if the system
 * has none to give; then nothing may be made of `out`. */
enum pen_status pen_digest__random(void *out, size_t n, struct pen_error *error);

#endif
