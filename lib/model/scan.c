#include "model/scan.h"
#include "base/error.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

/* ------------------------------------------------------------ failing -- */

void pen_scan__cut(char *out, size_t room, const char *s, size_t n)
{
	if (n >= room) {
		n = room - 1;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	if (n)
		memcpy(out, s, n);
	out[n] = '\0';
}

/* What stood there; marks that nobody sees are written out. */
static void show_found(struct pen_scan *r)
{
	char *out = r->cell->found;
	size_t room = sizeof(r->cell->found), i, used, n = 0;
	int32_t point;
	char one[16];

	if (!pen_field_mend__marked(r->raw, r->raw_n, false)) {
		pen_scan__cut(out, room, r->raw, r->raw_n);
		return;
	}
	for (i = 0; i < r->raw_n; i += used) {
		point = pen_text__decode(r->raw + i, r->raw_n - i, &used);
		if (pen_field_mend__marked(r->raw + i, used, false))
			snprintf(one, sizeof(one), "<U+%04X>", (unsigned)point);
		else
			snprintf(one, sizeof(one), "%.*s", (int)used, r->raw + i);
		if (n + strlen(one) >= room)
			break;
		memcpy(out + n, one, strlen(one));
		n += strlen(one);
	}
	out[n] = '\0';
}

void pen_scan__fail(struct pen_scan *r, const char *rule, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	r->cell->rule = rule;
	r->cell->value = pen_value__null();
	show_found(r);
	pen_scan__cut(r->cell->expected, sizeof(r->cell->expected), text, strlen(text));
}

/* ------------------------------------------------------------ mending -- */

static bool is_ascii(const char *s, size_t n)
{
	unsigned char all = 0;
	size_t i;

	for (i = 0; i < n; i++)
		all |= (unsigned char)s[i];
	return all < 0x80;
}

void pen_scan__unwrap(struct pen_scan *r)
{
	unsigned repairs = pen_field_mend__wrapping(&r->s, &r->n);
	size_t n = r->n;

	r->cell->repairs |= repairs;
	if (repairs)
		pen_text__trim(&r->s, &r->n);
	if (r->n != n)
		r->cell->repairs |= PEN_REPAIR_SPACE;
}

bool pen_scan__unmark(struct pen_scan *r, bool name)
{
	struct pen_cell *cell = r->cell;

	if (!pen_field_mend__marked(r->s, r->n, name))
		return true;
	if (r->n >= sizeof(cell->room)) {
		pen_scan__fail(r, "field.length", _("%zu bytes at most"), sizeof(cell->room) - 1);
		return false;
	}
	r->n = pen_field_mend__unmark(r->s, r->n, name, cell->room);
	r->s = cell->room;
	cell->repairs |= PEN_REPAIR_MARK;
	pen_text__trim(&r->s, &r->n);
	if (r->n > 0 && (*r->s == '\'' || *r->s == '='))
		pen_scan__unwrap(r);
	if (r->n > 0 && r->s != cell->room) {
		memmove(cell->room, r->s, r->n);
		r->s = cell->room;
	}
	if (r->n == 0 && r->field->required)
		pen_scan__fail(r, "field.required", _("a value: this column may not be empty"));
	return r->n > 0;
}

bool pen_scan__fold(struct pen_scan *r)
{
	struct pen_cell *cell = r->cell;
	bool changed;

	if (r->n >= sizeof(cell->room)) {
		pen_scan__fail(r, "field.length", _("%zu bytes at most"), sizeof(cell->room) - 1);
		return false;
	}
	if (is_ascii(r->s, r->n))
		return true;
	if (!pen_scan__unmark(r, false))
		return false;
	r->n = pen_text__fold_width(r->s, r->n, cell->room, &changed);
	r->s = cell->room;
	if (changed)
		cell->repairs |= PEN_REPAIR_WIDTH;
	return true;
}

bool pen_scan__identifier(struct pen_scan *r)
{
	struct pen_cell *cell = r->cell;
	size_t i;

	if (!pen_scan__fold(r))
		return false;
	if (r->s != cell->room)
		memcpy(cell->room, r->s, r->n);
	cell->room[r->n] = '\0';
	r->s = cell->room;
	for (i = 0; i < r->n; i++) {
		if (cell->room[i] < 'a' || cell->room[i] > 'z')
			continue;
		cell->room[i] = (char)(cell->room[i] - 'a' + 'A');
		cell->repairs |= PEN_REPAIR_CASE;
	}
	return true;
}

void pen_scan__keep(struct pen_scan *r)
{
	r->cell->value = pen_value__string(r->s, r->n);
}
