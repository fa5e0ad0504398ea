#include "model/entry.h"
#include "base/encode.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* One "key: value" line. A line break inside would let a value forge the
 * lines after it, so whoever makes the value keeps it out. */
static void line(struct pen_text *text, const char *key, const char *value)
{
	if (!value)
		return;
	assert(!strpbrk(value, "\r\n"));
	pen_text__printf(text, "%s: %s\n", key, value);
}

void pen_entry__text(const struct pen_entry *entry, struct pen_text *text)
{
	pen_text__puts(text, "pen-entry/v1\n");
	if (entry->at >= 0)
		pen_text__printf(text, "at: %" PRId64 "\n", entry->at);
	line(text, "time", entry->time);
	line(text, "agency", entry->agency);
	line(text, "terminal", entry->terminal);
	line(text, "staff", entry->staff);
	line(text, "act", entry->act);
	line(text, "subject", entry->subject);
	line(text, "body", entry->body);
}

void pen_entry__leaf(const char *entry_text, const unsigned char *signature, size_t n,
    struct pen_text *text)
{
	char base64[PEN_BASE64_ROOM(256)];

	assert(n <= 256);
	pen_text__puts(text, entry_text);
	if (n)
		pen_encode__base64(signature, n, base64);
	pen_text__printf(text, "signature: %s\n", n ? base64 : "-");
}

void pen_entry__body_open(struct pen_body *body)
{
	memset(body, 0, sizeof(*body));
	pen_text__puts(&body->text, "{");
}

/* The key, after a comma where it is not the first. Canonical order is that
 * of the bytes here: the keys are plain ASCII. */
static void key_of(struct pen_body *body, const char *key)
{
	size_t n = strlen(key);

	assert(n > 0 && n < sizeof(body->last));
	assert(strcmp(body->last, key) < 0);
	assert(strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == n);
	pen_text__printf(&body->text, "%s\"%s\":", body->last[0] ? "," : "", key);
	memcpy(body->last, key, n + 1);
}

void pen_entry__body_text(struct pen_body *body, const char *key, const char *value)
{
	if (!value)
		return;
	key_of(body, key);
	pen_text__json(&body->text, value, strlen(value));
}

void pen_entry__body_int(struct pen_body *body, const char *key, int64_t value)
{
	key_of(body, key);
	pen_text__printf(&body->text, "%" PRId64, value);
}

const char *pen_entry__body_close(struct pen_body *body)
{
	pen_text__puts(&body->text, "}");
	return body->text.failed ? NULL : body->text.s;
}

void pen_entry__body_free(struct pen_body *body)
{
	pen_text__free(&body->text);
}
