#include "model/sealtext.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/money.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* One "key: value" line; "-" where there is none. A file may be called
 * anything: what could break a line is written as %XX, and so is '%', so that
 * a value reads back in one way only. */
static void line(struct pen_text *text, const char *key, const char *value)
{
	const unsigned char *p;

	pen_text__printf(text, "%s: ", key);
	for (p = (const unsigned char *)(value ? value : "-"); *p; p++) {
		if (*p < 0x20 || *p == 0x7f || *p == '%')
			pen_text__printf(text, "%%%02X", *p);
		else
			pen_text__add(text, (const char *)p, 1);
	}
	pen_text__add(text, "\n", 1);
}

static void number(struct pen_text *text, const char *key, int64_t value)
{
	pen_text__printf(text, "%s: %" PRId64 "\n", key, value);
}

static void money(struct pen_text *text, const char *key, int64_t fen)
{
	char yuan[24];

	line(text, key, pen_money__format(fen, yuan));
}

void pen_sealtext__head(const struct pen_sealtext_head *head, struct pen_text *text)
{
	int i;

	pen_text__puts(text, "pen-seal/v1\n");
	number(text, "seal", head->seal);
	number(text, "batch", head->batch);
	line(text, "suite", pen_digest__suite_name(head->suite));
	line(text, "agency", head->agency);
	line(text, "form", head->form);
	line(text, "title", head->title);
	line(text, "file", head->file_name);
	line(text, "file-digest", head->file_digest);
	line(text, "form-digest", head->form_digest);
	line(text, "rules-digest", head->rules_digest);
	line(text, "parameters-digest", head->parameters_digest);
	line(text, "previous", head->previous);
	pen_text__puts(text, "roles:");
	for (i = 0; i < head->roles; i++)
		pen_text__printf(text, " %s", head->role[i]);
	pen_text__puts(text, "\n");
	number(text, "folios", head->folios);
	line(text, "root", head->root);
}

void pen_sealtext__folio(const struct pen_sealtext_folio *folio, struct pen_text *text)
{
	pen_text__puts(text, "\n");
	number(text, "folio", folio->folio);
	number(text, "number", folio->number);
	if (folio->period)
		number(text, "period", folio->period);
	else
		line(text, "period", NULL);
	line(text, "employer", folio->employer);
	number(text, "rows", folio->rows);
	money(text, "unit", folio->unit_fen);
	money(text, "personal", folio->personal_fen);
	money(text, "amount", folio->amount_fen);
	line(text, "agreed-on", folio->agreed_on);
	line(text, "document", folio->document);
	line(text, "root", folio->root);
}

/* At most 120 bytes, ending with a whole character. */
static void cut(const char *s, size_t n, char out[121])
{
	if (n > 120) {
		n = 120;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, s, n);
	out[n] = '\0';
}

static void show(const char *s, size_t n, char out[121])
{
	/* Nothing left is not the same as an empty line. */
	if (*s == '\0')
		cut(_("(end of the text)"), strlen(_("(end of the text)")), out);
	else
		cut(s, n, out);
}

long pen_sealtext__differ(const char *a, const char *b, char found[121], char expected[121])
{
	size_t a_n, b_n;
	long number_of = 1;

	for (;; number_of++) {
		a_n = strcspn(a, "\n");
		b_n = strcspn(b, "\n");
		/* With what ends them: a last line without LF is another line. */
		if (a_n != b_n || memcmp(a, b, a_n + 1) != 0)
			break;
		if (a[a_n] == '\0')
			return 0;
		a += a_n + 1;
		b += b_n + 1;
	}
	show(a, a_n, found);
	show(b, b_n, expected);
	return number_of;
}

/* ---- paragraphs ---- */

bool pen_sealtext__next(const char **text, struct pen_sealtext_part *part)
{
	const char *end;

	if (**text == '\0')
		return false;
	end = strstr(*text, "\n\n");
	part->s = *text;
	part->n = end ? (size_t)(end + 1 - *text) : strlen(*text);
	*text += part->n + (end != NULL);
	return true;
}

bool pen_sealtext__value(const struct pen_sealtext_part *part, const char *key, char *out, size_t room)
{
	const char *at = part->s, *end = part->s + part->n, *stop;
	size_t n = strlen(key);

	for (; at < end; at = stop + 1) {
		stop = memchr(at, '\n', (size_t)(end - at));
		if (!stop)
			return false;
		if ((size_t)(stop - at) < n + 2 || memcmp(at, key, n) != 0 || memcmp(at + n, ": ", 2) != 0)
			continue;
		at += n + 2;
		if ((size_t)(stop - at) >= room)
			return false;
		memcpy(out, at, (size_t)(stop - at));
		out[stop - at] = '\0';
		return true;
	}
	return false;
}

bool pen_sealtext__integer(const struct pen_sealtext_part *part, const char *key, int64_t *out)
{
	char digits[24], *end;

	if (!pen_sealtext__value(part, key, digits, sizeof(digits)) || digits[0] < '0' || digits[0] > '9')
		return false;
	errno = 0;
	*out = strtoll(digits, &end, 10);
	return errno == 0 && *end == '\0';
}

bool pen_sealtext__paragraphs(enum pen_suite suite, const char *text, char root[PEN_DIGEST_HEX])
{
	struct pen_merkle *tree = pen_merkle__new(suite);
	unsigned char hash[PEN_DIGEST_SIZE];
	struct pen_error ignored = { .status = PEN_OK };
	struct pen_sealtext_part part;

	if (!tree)
		return false;
	pen_merkle__start(tree);
	while (pen_sealtext__next(&text, &part)) {
		pen_merkle__leaf_hash(tree, part.s, part.n, hash);
		pen_merkle__add(tree, hash, &ignored);	/* nobody watches: it cannot fail */
	}
	pen_merkle__root(tree, hash);
	pen_encode__hex(hash, sizeof(hash), root);
	pen_merkle__free(tree);
	return true;
}
