#include "adapter/cms.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define RSA_LEAST 2048

struct pen_recipient { X509 *certificate; STACK_OF(X509) *list; };
struct pen_opener { EVP_PKEY *pkey; };

/* libcrypto's queue is emptied: nothing of ours is left for others to find. */
static enum pen_status fail(struct pen_error *error, enum pen_status status, const char *code, const char *what)
{
	bool memory = ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;

	ERR_clear_error();
	return memory ? pen_error__memory(error) : pen_error__set(error, status, code, "%s", what);
}

static enum pen_status fail_system(struct pen_error *error)
{
	return fail(error, PEN_SYSTEM, "cms.crypto", _("libcrypto failed at encrypting; see that the library is whole"));
}

static enum pen_status copy_out(BIO *from, char **out, size_t *out_n, struct pen_error *error)
{
	char *bytes;
	long n = BIO_get_mem_data(from, &bytes);

	*out = pen_memory__realloc(NULL, (size_t)n + 1, 1);
	if (!*out)
		return pen_error__memory(error);
	if (n > 0)
		memcpy(*out, bytes, (size_t)n);
	*out_n = (size_t)n;
	return PEN_OK;
}

/* ----------------------------------------------------------- recipient -- */

static bool is_fit(EVP_PKEY *pkey)
{
	char group[40] = "";
	size_t n;

	if (!pkey)
		return false;
	if (EVP_PKEY_is_a(pkey, "RSA"))
		return EVP_PKEY_get_bits(pkey) >= RSA_LEAST;
	return EVP_PKEY_is_a(pkey, "EC") &&
	    EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), &n) == 1 &&
	    strcmp(group, "prime256v1") == 0;
}

enum pen_status pen_cms__recipient(struct pen_recipient **recipient, const char *pem, size_t n, struct pen_error *error)
{
	struct pen_recipient *made = pen_memory__calloc(1, sizeof(*made));
	BIO *in = pen_digest__set_up() ? BIO_new_mem_buf(pem, (int)n) : NULL;

	assert(n <= INT_MAX);
	*recipient = NULL;
	if (!made || !in)
		pen_error__memory(error);
	else if (!(made->certificate = PEM_read_bio_X509(in, NULL, NULL, NULL)))
		fail(error, PEN_INPUT, "recipient.unreadable",
		    _("no certificate in PEM: expected \"BEGIN CERTIFICATE\", as openssl req -x509 writes it; name the file that holds the recipient's certificate"));
	else if (!is_fit(X509_get0_pubkey(made->certificate)))
		fail(error, PEN_INPUT, "recipient.kind",
		    _("the certificate's key is of another kind; expected RSA of 2048 bits or more, or P-256, to which CMS can be encrypted; give another certificate"));
	else if (!(made->list = sk_X509_new_null()) || !sk_X509_push(made->list, made->certificate))
		pen_error__memory(error);
	else
		*recipient = made;
	BIO_free(in);
	ERR_clear_error();
	if (*recipient)
		return PEN_OK;
	pen_cms__recipient_free(made);
	return error->status;
}

void pen_cms__recipient_free(struct pen_recipient *recipient)
{
	if (!recipient)
		return;
	sk_X509_free(recipient->list);
	X509_free(recipient->certificate);
	pen_memory__free(recipient);
}

void pen_cms__fingerprint(const struct pen_recipient *recipient, unsigned char out[PEN_DIGEST_SIZE])
{
	unsigned n = 0;

	memset(out, 0, PEN_DIGEST_SIZE);
	if (X509_digest(recipient->certificate, EVP_sha256(), out, &n) != 1)
		ERR_clear_error();
}

enum pen_status pen_cms__seal(const struct pen_recipient *recipient, const void *bytes, size_t n, char **out, size_t *out_n,
    struct pen_error *error)
{
	BIO *in = BIO_new_mem_buf(bytes, (int)n), *to = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms = NULL;
	enum pen_status status;

	assert(n <= INT_MAX);
	if (in && to)
		cms = CMS_encrypt(recipient->list, in, EVP_aes_256_cbc(), CMS_BINARY);
	if (cms && i2d_CMS_bio(to, cms) == 1)
		status = copy_out(to, out, out_n, error);
	else
		status = fail_system(error);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(to);
	return status;
}

/* -------------------------------------------------------------- opener -- */

/* Between libcrypto's way of asking for a passphrase and ours. */
struct question { pen_passphrase *ask; void *context; bool asked, given; };

static int put_question(char *buf, int room, int writing, void *context)
{
	struct question *question = context;
	int n;

	(void)writing;
	question->asked = true;
	n = question->ask ? question->ask(question->context, buf, room) : -1;
	question->given = n >= 0;
	return n;
}

enum pen_status pen_cms__opener(struct pen_opener **opener, const char *pem, size_t n, pen_passphrase *ask, void *context,
    struct pen_error *error)
{
	struct question question = { ask, context, false, false };
	struct pen_opener *made = pen_memory__calloc(1, sizeof(*made));
	BIO *in = pen_digest__set_up() ? BIO_new_mem_buf(pem, (int)n) : NULL;

	assert(n <= INT_MAX);
	*opener = NULL;
	if (!made || !in)
		pen_error__memory(error);
	else if ((made->pkey = PEM_read_bio_PrivateKey(in, NULL, put_question, &question)))
		*opener = made;
	else if (!question.asked)
		fail(error, PEN_INPUT, "key.unreadable", _("no private key in PEM; name the file that holds the private key to the recipient's certificate"));
	else
		fail(error, PEN_REFUSED, "key.passphrase", question.given
		    ? _("the passphrase does not open the private key; try again")
		    : _("the private key is encrypted and no passphrase was given; give one at the terminal or in PEN_PASSPHRASE_FILE"));
	BIO_free(in);
	ERR_clear_error();
	if (*opener)
		return PEN_OK;
	pen_memory__free(made);
	return error->status;
}

void pen_cms__opener_free(struct pen_opener *opener)
{
	if (!opener)
		return;
	EVP_PKEY_free(opener->pkey);
	pen_memory__free(opener);
}

enum pen_status pen_cms__open(const struct pen_opener *opener, const void *bytes, size_t n, char **out, size_t *out_n,
    struct pen_error *error)
{
	BIO *in = BIO_new_mem_buf(bytes, (int)n), *to = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms = NULL;
	enum pen_status status;

	assert(n <= INT_MAX);
	if (in && to)
		cms = d2i_CMS_bio(in, NULL);
	if (cms && CMS_decrypt(cms, opener->pkey, NULL, NULL, to, CMS_BINARY) == 1)
		status = copy_out(to, out, out_n, error);
	else
		status = fail(error, PEN_INTEGRITY, "cms.closed", _("it does not open with this private key: it is damaged, or for another recipient"));
	ERR_clear_error();
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(to);
	return status;
}
