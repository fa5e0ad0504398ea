/* libcrypto: CMS EnvelopedData (RFC 5652) to one certificate, of RSA or P-256, under
 * AES-256-CBC, in DER: what "openssl cms -decrypt -inform DER" opens. It hides; that
 * nothing was changed is told by digests and signatures. */
#ifndef PEN_ADAPTER_CMS_H
#define PEN_ADAPTER_CMS_H

#include "adapter/digest.h"
#include "adapter/signature.h"

/* For whom: a certificate in PEM. PEN_INPUT: none ("recipient.unreadable"), or one with
 * another key than RSA of 2048 bits and more or P-256 ("recipient.kind"). */
struct pen_recipient;
enum pen_status pen_cms__recipient(struct pen_recipient **recipient, const char *pem, size_t n, struct pen_error *error);
void pen_cms__recipient_free(struct pen_recipient *recipient);
/* SHA-256 of the certificate in DER: "openssl x509 -fingerprint -sha256". */
void pen_cms__fingerprint(const struct pen_recipient *recipient, unsigned char out[PEN_DIGEST_SIZE]);
/* To *out, free with pen_memory__free; never twice the same. */
enum pen_status pen_cms__seal(const struct pen_recipient *recipient, const void *bytes, size_t n, char **out, size_t *out_n,
    struct pen_error *error);

/* The private key to it, in PEM; a passphrase is asked for as pen_signature__read_private
 * does, and refused so. PEN_INPUT: none ("key.unreadable"). */
struct pen_opener;
enum pen_status pen_cms__opener(struct pen_opener **opener, const char *pem, size_t n, pen_passphrase *ask, void *context,
    struct pen_error *error);
void pen_cms__opener_free(struct pen_opener *opener);
/* PEN_INTEGRITY ("cms.closed"): not CMS, damaged, or not for this key. */
enum pen_status pen_cms__open(const struct pen_opener *opener, const void *bytes, size_t n, char **out, size_t *out_n,
    struct pen_error *error);

#endif
