/*
 * Every text that enters a struct pen_error goes through put(): it is cut at
 * a whole character and freed of control characters, since it may quote what
 * stood in a file. So the struct can be shown as it is.
 */
#include "base/error.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* Drops the end of a character that the buffer's end has cut in two. */
static void mend_end(char *s)
{
	size_t n = strlen(s), lead = n;
	unsigned char c;

	/* Back over the continuation bytes to the one that leads them. */
	while (lead > 0 && n - lead < 4 && ((unsigned char)s[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	c = (unsigned char)s[--lead];
	/* It says how long the character should be. */
	if (c >= 0xc0 && n - lead < (c >= 0xf0 ? 4u : c >= 0xe0 ? 3u : 2u))
		s[lead] = '\0';
}

/* Messages quote what stood in a file: one line must stay one line, and
 * nothing in it may steer a terminal (C0, DEL, and C1 in UTF-8). Bytes are
 * replaced one by one, so that no length changes. */
static void make_harmless(char *s)
{
	unsigned char *p;

	for (p = (unsigned char *)s; *p; p++) {
		if (*p < 0x20 || *p == 0x7f) {
			*p = '?';
		} else if (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f) {
			p[0] = '?';
			p[1] = '?';
		}
	}
}

/* Copies what fits, in whole characters, and makes it harmless. `s` may lie
 * within the destination. */
static void put(char *out, size_t room, const char *s)
{
	size_t n = strlen(s);

	if (n >= room)
		n = room - 1;
	memmove(out, s, n);
	out[n] = '\0';
	mend_end(out);
	make_harmless(out);
}

/* What all setters share: everything new, place and clause empty. */
static PEN_PRINTF(4, 0) enum pen_status fill(struct pen_error *error, enum pen_status status,
    const char *code, const char *format, va_list args)
{
	char text[sizeof(((struct pen_error *)NULL)->text)];	/* the arguments may point into *error */

	assert(status != PEN_OK && status != PEN_FINDINGS);
	if (!error)
		return status;
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	error->status = status;
	put(error->code, sizeof(error->code), code);
	put(error->text, sizeof(error->text), text);
	error->clause[0] = '\0';
	error->file[0] = '\0';
	error->line = 0;
	error->column[0] = '\0';
	return status;
}

enum pen_status pen_error__set(struct pen_error *error, enum pen_status status,
    const char *code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(error, status, code, format, args);
	va_end(args);
	return status;
}

/* A full disk and missing memory are told apart from the rest, because the
 * person in front of them does something else about each. */
static const char *code_of(int number)
{
	switch (number) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return "system.full";
	case ENOMEM:
		return "system.memory";
	default:
		return "system.io";
	}
}

enum pen_status pen_error__errno(struct pen_error *error, const char *format, ...)
{
	int number = errno;	/* before anything here can change it */
	char reason[128];
	va_list args;
	size_t n;

	va_start(args, format);
	fill(error, PEN_SYSTEM, code_of(number), format, args);
	va_end(args);
	/* The system's reason goes behind our text, as far as there is room. */
	if (error) {
		n = strlen(error->text);
		/* GNU's strerror_r: it returns the text, and may leave `reason` alone. */
		snprintf(error->text + n, sizeof(error->text) - n, ": %s",
		    strerror_r(number, reason, sizeof(reason)));
		mend_end(error->text);
	}
	return PEN_SYSTEM;
}

enum pen_status pen_error__memory(struct pen_error *error)
{
	return pen_error__set(error, PEN_SYSTEM, "system.memory",
	    _("out of memory: close other programs or give this machine more, then run the command again"));
}

enum pen_status pen_error__refuse(struct pen_error *error, const char *clause,
    const char *code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(error, PEN_REFUSED, code, format, args);
	va_end(args);
	if (error)
		put(error->clause, sizeof(error->clause), clause);
	return PEN_REFUSED;
}

enum pen_status pen_error__at(struct pen_error *error, const char *file, long line, const char *column)
{
	if (file)
		put(error->file, sizeof(error->file), file);
	if (line)
		error->line = line;
	if (column)
		put(error->column, sizeof(error->column), column);
	return error->status;
}

/* Appends to buf[*n..size); *n stays within it, whatever did not fit. */
static PEN_PRINTF(4, 5) void append(char *buf, size_t size, size_t *n, const char *format, ...)
{
	va_list args;
	int more;

	va_start(args, format);
	more = vsnprintf(buf + *n, size - *n, format, args);
	va_end(args);
	if (more > 0)
		*n += (size_t)more < size - *n ? (size_t)more : size - *n - 1;
}

char *pen_error_format(const struct pen_error *error, char *buf, size_t size)
{
	size_t n = 0;

	if (size == 0)
		return buf;
	buf[0] = '\0';
	/* The place, in the form that editors and compilers have made common. */
	if (error->file[0] && error->line)
		append(buf, size, &n, "%s:%ld: ", error->file, error->line);
	else if (error->file[0])
		append(buf, size, &n, "%s: ", error->file);
	else if (error->line)
		append(buf, size, &n, _("line %ld: "), error->line);
	if (error->column[0])
		append(buf, size, &n, "%s: ", error->column);
	/* What happened, then what it rests on, then the name to look up. */
	append(buf, size, &n, "%s", error->text);
	if (error->clause[0])
		append(buf, size, &n, " [%s]", error->clause);
	if (error->code[0])
		append(buf, size, &n, " (%s)", error->code);
	mend_end(buf);
	return buf;
}

const char *pen_version(void)
{
	return PEN_VERSION;
}
