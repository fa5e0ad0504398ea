#include "model/schemefile.h"
#include "adapter/json.h"
#include "base/date.h"
#include "base/error.h"
#include "base/money.h"

#include <inttypes.h>
#include <string.h>

#define DOUBTS_MOST 64
#define AMOUNT_MOST INT64_C(1000000000000)	/* of any number in a scheme: times months it fits */
#define OPEN INT64_MAX

/* What the reading functions hand to each other. `where` names what is being read:
 * "years.bands[2]". */
struct reader {
	struct pen_scheme *scheme;
	struct pen_arena *arena;
	struct pen_scheme_doubt *doubt;
	struct pen_error *error;
	char where[64];
};

/* ------------------------------------------------------------- the parts -- */

static enum pen_status wrong(struct reader *r, const char *key, const char *expected)
{
	return pen_error__set(r->error, PEN_INPUT, "scheme.value", _("the scheme: %s%s%s: expected %s; correct it"),
	    r->where, r->where[0] && key[0] ? "." : "", key, expected);
}

static enum pen_status missing(struct reader *r, const char *key)
{
	return pen_error__set(r->error, PEN_INPUT, "scheme.key", _("the scheme: %s%s%s is missing; add it (see pen-scheme(5))"),
	    r->where, r->where[0] ? "." : "", key);
}

static enum pen_status copy(struct reader *r, const char *s, const char **out)
{
	*out = pen_memory__copy(r->arena, s, strlen(s));
	return *out ? PEN_OK : pen_error__memory(r->error);
}

/* A text that has to be there and say something. */
static enum pen_status need_text(struct reader *r, const struct pen_json *object, const char *key, const char **out)
{
	const struct pen_json *node = pen_json__member(object, key);
	const char *s = pen_json__string(node);

	if (!node)
		return missing(r, key);
	return s && s[0] ? copy(r, s, out) : wrong(r, key, _("a text"));
}

/* A number that is written as a text ("1.35") or, where it has no fraction, plainly. */
static bool number_of(const struct pen_json *node, int places, int64_t *out)
{
	const char *text = pen_json__string(node);
	int64_t scale = 1;
	int i;

	for (i = 0; i < places; i++)
		scale *= 10;
	if (text ? pen_money__decimal(text, strlen(text), places, out) != PEN_DECIMAL_OK :
	    !pen_json__integer(node, out) || !pen_money__scale(*out, scale, 1, out))
		return false;
	return *out >= 0 && *out <= AMOUNT_MOST;
}

static enum pen_status take_amount(struct reader *r, const struct pen_json *object, const char *key, int places, int64_t *out)
{
	const struct pen_json *node = pen_json__member(object, key);

	if (!node)
		return missing(r, key);
	return number_of(node, places, out) ? PEN_OK :
	    wrong(r, key, places > 2 ? _("yuan as a text, with up to five decimals (\"1.35\")") :
	    places ? _("yuan as a text, with up to two decimals (\"45.00\")") : _("a whole number from 0 on"));
}

/* "1.27%" as millionths. */
static enum pen_status take_rate(struct reader *r, const struct pen_json *object, int64_t *out)
{
	const struct pen_json *node = pen_json__member(object, "rate");
	const char *text = pen_json__string(node);
	size_t n = text ? strlen(text) : 0;

	if (!node)
		return missing(r, "rate");
	if (n < 2 || text[n - 1] != '%' || pen_money__decimal(text, n - 1, 4, out) != PEN_DECIMAL_OK ||
	    *out < 0 || *out > PEN_MILLION)
		return wrong(r, "rate", _("percent as a text, with up to four decimals (\"1.27%\")"));
	return PEN_OK;
}

static enum pen_status need_date(struct reader *r, const struct pen_json *object, const char *key, int32_t *out)
{
	const struct pen_json *node = pen_json__member(object, key);
	const char *text = pen_json__string(node);

	if (!node)
		return missing(r, key);
	*out = text ? pen_date__parse(text, strlen(text)) : 0;
	return *out ? PEN_OK : wrong(r, key, _("a date (\"2021-12-31\")"));
}

static enum pen_status need_month(struct reader *r, const struct pen_json *object, const char *key, int32_t *out)
{
	const struct pen_json *node = pen_json__member(object, key);
	const char *text = pen_json__string(node);

	if (!node)
		return missing(r, key);
	*out = text ? pen_date__parse_month(text, strlen(text)) : 0;
	return *out ? PEN_OK : wrong(r, key, _("a month (\"2022-01\")"));
}

/* Which of some words, with NULL behind the last, stands there; the first if none does. */
static enum pen_status take_word(struct reader *r, const struct pen_json *object, const char *key,
    const char *const *words, const char *expected, int *out)
{
	const struct pen_json *node = pen_json__member(object, key);
	const char *text = pen_json__string(node);
	int i;

	*out = 0;
	if (!node)
		return PEN_OK;
	for (i = 0; text && words[i]; i++)
		if (strcmp(words[i], text) == 0) {
			*out = i;
			return PEN_OK;
		}
	return wrong(r, key, expected);
}

/* ------------------------------------------------------------ the objects -- */

/* What is not certain is carried on to whoever sees the result. */
static enum pen_status take_doubt(struct reader *r, const struct pen_json *object)
{
	const struct pen_json *node = pen_json__member(object, "verified");
	const char *text = pen_json__string(node);
	struct pen_scheme_doubt *doubt = &r->doubt[r->scheme->doubts];
	enum pen_status status;

	if (!node || (text && strcmp(text, "yes") == 0))
		return PEN_OK;
	if (!text || !text[0])
		return wrong(r, "verified", _("\"yes\", or what is in doubt"));
	if (r->scheme->doubts == DOUBTS_MOST)
		return wrong(r, "verified", _("at most 64 doubts"));
	status = copy(r, r->where[0] ? r->where : r->scheme->name, &doubt->where);
	r->scheme->doubts++;
	return status == PEN_OK ? copy(r, text, &doubt->why) : status;
}

/* An object with these keys and no others: a slip of the pen would leave a part of the
 * increase out unseen. */
static enum pen_status check_object(struct reader *r, const struct pen_json *object, const char *const *keys)
{
	static const char *const always[] = { "source", "verified", "note", NULL };
	const struct pen_json *node;
	const char *key;
	int i, k;

	if (!pen_json__count(object) || pen_json__string(object) || !pen_json__key(pen_json__first(object)))
		return wrong(r, "", _("an object with keys"));
	for (node = pen_json__first(object); node; node = pen_json__next(node)) {
		key = pen_json__key(node);
		for (i = 0; keys[i] && strcmp(keys[i], key) != 0; i++)
			;
		for (k = 0; !keys[i] && always[k] && strcmp(always[k], key) != 0; k++)
			;
		if (!keys[i] && !always[k])
			return pen_error__set(r->error, PEN_INPUT, "scheme.key",
			    _("the scheme: %s%s%s is not known; see pen-scheme(5) for the keys there are"),
			    r->where, r->where[0] ? "." : "", key);
		if (pen_json__member(object, key) != node)
			return pen_error__set(r->error, PEN_INPUT, "scheme.key", _("the scheme: %s%s%s is there twice; leave one"),
			    r->where, r->where[0] ? "." : "", key);
	}
	return take_doubt(r, object);
}

/* What the bounds and the value of a band are. */
struct band_form {
	const char *from, *to, *value;
	int places;			/* of the bounds: 2 for yuan */
	int64_t scale;			/* of the bounds: 12 for years as months */
	int value_places;		/* 5: yuan a year; 2: yuan; -1: a rate */
	bool gaps;			/* may leave some out */
};

static enum pen_status take_band(struct reader *r, const struct pen_json *object, const struct band_form *form,
    struct pen_scheme_band *band)
{
	const char *const keys[] = { form->from, form->to, form->value, NULL };
	enum pen_status status = check_object(r, object, keys);

	if (status == PEN_OK)
		status = take_amount(r, object, form->from, form->places, &band->over);
	band->to = OPEN;
	if (status == PEN_OK && pen_json__member(object, form->to))
		status = take_amount(r, object, form->to, form->places, &band->to);
	if (status != PEN_OK)
		return status;
	if (band->to <= band->over)
		return pen_error__set(r->error, PEN_INPUT, "scheme.bands",
		    _("the scheme: %s ends at or before its beginning; correct \"%s\" or \"%s\""), r->where, form->from, form->to);
	band->over *= form->scale;
	band->to = band->to == OPEN ? OPEN : band->to * form->scale;
	return form->value_places < 0 ? take_rate(r, object, &band->value) :
	    take_amount(r, object, form->value, form->value_places, &band->value);
}

/* None overlaps another, and where every amount is to fall in one there is no gap. */
static enum pen_status check_bands(struct reader *r, const struct pen_scheme_band *band, size_t i, bool gaps)
{
	if (i == 0)
		return gaps || band[0].over == 0 ? PEN_OK : pen_error__set(r->error, PEN_INPUT, "scheme.bands",
		    _("the scheme: %s leaves out what is below it; begin at 0"), r->where);
	if (band[i].over < band[i - 1].to)
		return pen_error__set(r->error, PEN_INPUT, "scheme.bands",
		    _("the scheme: %s overlaps the one before it; put the bands in order, each from where the one before ends"), r->where);
	if (!gaps && band[i].over > band[i - 1].to)
		return pen_error__set(r->error, PEN_INPUT, "scheme.bands",
		    _("the scheme: between %s and the one before it there is a gap; let it begin where that ends"), r->where);
	return PEN_OK;
}

static enum pen_status take_bands(struct reader *r, const struct pen_json *object, const struct band_form *form,
    struct pen_scheme_bands *bands)
{
	const struct pen_json *list = pen_json__member(object, "bands"), *node = pen_json__first(list);
	size_t count = pen_json__count(list), i, above = strlen(r->where);
	struct pen_scheme_band *band;
	enum pen_status status = PEN_OK;

	if (!list)
		return missing(r, "bands");
	if (!count || pen_json__string(list) || pen_json__key(node))
		return wrong(r, "bands", _("a list of bands"));
	band = pen_memory__take(r->arena, count * sizeof(*band));
	if (!band)
		return pen_error__memory(r->error);
	for (i = 0; status == PEN_OK && i < count; i++, node = pen_json__next(node)) {
		snprintf(r->where + above, sizeof(r->where) - above, ".bands[%zu]", i + 1);
		status = take_band(r, node, form, &band[i]);
		if (status == PEN_OK)
			status = check_bands(r, band, i, form->gaps);
		r->where[above] = '\0';
	}
	bands->band = band;
	bands->count = count;
	return status;
}

/* ------------------------------------------------------- parts of a scheme -- */

static enum pen_status take_fixed(struct reader *r, const struct pen_json *object)
{
	static const char *const keys[] = { "amount", NULL };
	enum pen_status status;

	snprintf(r->where, sizeof(r->where), "fixed");
	status = check_object(r, object, keys);
	return status == PEN_OK ? take_amount(r, object, "amount", 2, &r->scheme->fixed_fen) : status;
}

static enum pen_status take_by(struct reader *r, const struct pen_json *object, struct pen_scheme_bands *bands)
{
	static const char *const words[] = { "each-band", "whole-band", NULL };
	enum pen_status status;
	int word;

	status = take_word(r, object, "by", words, _("each-band or whole-band"), &word);
	bands->whole = word == 1;
	return status;
}

static enum pen_status take_years(struct reader *r, const struct pen_json *object)
{
	static const char *const keys[] = { "by", "part-years", "least", "bands", NULL };
	static const char *const parts[] = { "up", "down", "months", NULL };
	static const struct band_form form = { "over", "to", "amount", 0, 12, 5, false };
	enum pen_status status;
	int part = 0;

	snprintf(r->where, sizeof(r->where), "years");
	status = check_object(r, object, keys);
	if (status == PEN_OK && !pen_json__member(object, "part-years"))
		status = missing(r, "part-years");
	if (status == PEN_OK)
		status = take_word(r, object, "part-years", parts, _("up, down or months"), &part);
	r->scheme->part = (enum pen_scheme_part)part;
	if (status == PEN_OK)
		status = take_by(r, object, &r->scheme->years);
	if (status == PEN_OK && pen_json__member(object, "least"))
		status = take_amount(r, object, "least", 0, &r->scheme->least_months);
	if (status == PEN_OK && r->scheme->least_months > 100)
		status = wrong(r, "least", _("at most 100 years"));
	r->scheme->least_months *= 12;
	return status == PEN_OK ? take_bands(r, object, &form, &r->scheme->years) : status;
}

static enum pen_status take_level(struct reader *r, const struct pen_json *object)
{
	static const char *const keys[] = { "by", "least", "most", "bands", NULL };
	static const struct band_form form = { "over", "to", "rate", 2, 1, -1, false };
	enum pen_status status;

	snprintf(r->where, sizeof(r->where), "level");
	status = check_object(r, object, keys);
	if (status == PEN_OK)
		status = take_by(r, object, &r->scheme->level);
	if (status == PEN_OK && pen_json__member(object, "least"))
		status = take_amount(r, object, "least", 2, &r->scheme->level_least);
	if (status == PEN_OK && pen_json__member(object, "most"))
		status = take_amount(r, object, "most", 2, &r->scheme->level_most);
	if (status == PEN_OK && r->scheme->level_most >= 0 && r->scheme->level_most < r->scheme->level_least)
		status = wrong(r, "most", _("no less than \"least\""));
	return status == PEN_OK ? take_bands(r, object, &form, &r->scheme->level) : status;
}

static bool is_area(const char *s)
{
	return s && strlen(s) == 6 && strspn(s, "0123456789") == 6;
}

static enum pen_status take_areas(struct reader *r, const struct pen_json *object, struct pen_scheme_tilt *tilt)
{
	const struct pen_json *list = pen_json__member(object, "areas"), *node = pen_json__first(list);
	size_t count = pen_json__count(list);
	const char **area;
	enum pen_status status = PEN_OK;

	if (!list)
		return missing(r, "areas");
	if (!count || pen_json__string(list))
		return wrong(r, "areas", _("a list of codes of six digits, as texts"));
	tilt->area = area = pen_memory__take(r->arena, count * sizeof(*area));
	if (!area)
		return pen_error__memory(r->error);
	for (; status == PEN_OK && node; node = pen_json__next(node)) {
		if (!is_area(pen_json__string(node)))
			return wrong(r, "areas", _("a list of codes of six digits, as texts"));
		status = copy(r, pen_json__string(node), &area[tilt->areas++]);
	}
	return status == PEN_OK ? take_amount(r, object, "amount", 2, &tilt->fen) : status;
}

static enum pen_status take_tilt(struct reader *r, const struct pen_json *object, struct pen_scheme_tilt *tilt)
{
	static const char *const by_age[] = { "by", "on", "sex", "bands", NULL };
	static const char *const by_area[] = { "by", "areas", "amount", NULL };
	static const char *const words[] = { "age", "area", NULL }, *const sexes[] = { "all", "male", "female", NULL };
	static const struct band_form form = { "from", "below", "amount", 0, 1, 2, true };
	enum pen_status status;
	int word = 0;

	if (!pen_json__member(object, "by"))
		return missing(r, "by");
	status = take_word(r, object, "by", words, _("age or area"), &word);
	tilt->by_area = word == 1;
	if (status == PEN_OK)
		status = check_object(r, object, tilt->by_area ? by_area : by_age);
	if (status != PEN_OK || tilt->by_area)
		return status == PEN_OK ? take_areas(r, object, tilt) : status;
	status = need_date(r, object, "on", &tilt->on);
	if (status == PEN_OK)
		status = take_word(r, object, "sex", sexes, _("male or female"), &tilt->sex);
	return status == PEN_OK ? take_bands(r, object, &form, &tilt->ages) : status;
}

static enum pen_status take_tilts(struct reader *r, const struct pen_json *list)
{
	const struct pen_json *node = pen_json__first(list);
	struct pen_scheme_tilt *tilt = pen_memory__take(r->arena, (pen_json__count(list) + 1) * sizeof(*tilt));
	enum pen_status status = PEN_OK;

	if (!tilt)
		return pen_error__memory(r->error);
	r->where[0] = '\0';
	if (!node || pen_json__key(node) || pen_json__string(list))
		return wrong(r, "tilt", _("a list of tilts"));
	r->scheme->tilt = tilt;
	for (; status == PEN_OK && node; node = pen_json__next(node)) {
		snprintf(r->where, sizeof(r->where), "tilt[%zu]", r->scheme->tilts + 1);
		status = take_tilt(r, node, &tilt[r->scheme->tilts++]);
	}
	return status;
}

/* ------------------------------------------------------------ the scheme -- */

static enum pen_status take_head(struct reader *r, const struct pen_json *root)
{
	static const char *const roundings[] = { "fen", "jiao", "jiao-up", NULL };
	struct pen_scheme *scheme = r->scheme;
	enum pen_status status;
	int rounding = 0;

	status = need_text(r, root, "title", &scheme->title);
	if (status == PEN_OK)
		status = need_text(r, root, "source", &scheme->source);
	if (status == PEN_OK && !pen_json__member(root, "verified"))
		status = missing(r, "verified");
	if (status == PEN_OK)
		status = need_text(r, root, "area", &scheme->area);
	if (status == PEN_OK && !is_area(scheme->area))
		status = wrong(r, "area", _("a code of six digits (\"140000\")"));
	if (status == PEN_OK)
		status = need_month(r, root, "effective", &scheme->effective);
	if (status == PEN_OK)
		status = need_date(r, root, "retired-by", &scheme->retired_by);
	if (status == PEN_OK && scheme->retired_by / 100 >= scheme->effective)
		status = wrong(r, "retired-by", _("a day before the month from which it is effective"));
	scheme->level_of = pen_date__month_before(scheme->effective);
	if (status == PEN_OK && pen_json__member(root, "level-of"))
		status = need_month(r, root, "level-of", &scheme->level_of);
	if (status == PEN_OK && scheme->level_of >= scheme->effective)
		status = wrong(r, "level-of", _("a month before the one from which it is effective"));
	if (status == PEN_OK)
		status = take_word(r, root, "rounding", roundings, _("fen, jiao or jiao-up"), &rounding);
	scheme->rounding = (enum pen_scheme_rounding)rounding;
	return status;
}

static enum pen_status take_parts(struct reader *r, const struct pen_json *root)
{
	const struct pen_json *fixed = pen_json__member(root, "fixed"), *years = pen_json__member(root, "years");
	const struct pen_json *level = pen_json__member(root, "level"), *tilt = pen_json__member(root, "tilt");
	enum pen_status status = PEN_OK;

	if (!fixed && !years && !level && !tilt)
		return pen_error__set(r->error, PEN_INPUT, "scheme.key",
		    _("the scheme increases nothing: add fixed, years, level or tilt"));
	if (fixed)
		status = take_fixed(r, fixed);
	if (status == PEN_OK && years)
		status = take_years(r, years);
	if (status == PEN_OK && level)
		status = take_level(r, level);
	return status == PEN_OK && tilt ? take_tilts(r, tilt) : status;
}

enum pen_status pen_schemefile__read(struct pen_scheme *scheme, const char *json, size_t n,
    struct pen_arena *arena, struct pen_error *error)
{
	static const char *const keys[] = { "name", "title", "area", "effective", "retired-by", "level-of", "rounding",
		"fixed", "years", "level", "tilt", NULL };
	struct reader r = { .scheme = scheme, .arena = arena, .error = error };
	struct pen_json *root;
	enum pen_status status;

	*scheme = (struct pen_scheme){ .level_least = -1, .level_most = -1 };
	scheme->doubt = r.doubt = pen_memory__take(arena, DOUBTS_MOST * sizeof(*r.doubt));
	if (!r.doubt)
		return pen_error__memory(error);
	status = pen_json__parse(&root, json, n, error);
	if (status != PEN_OK)
		return status;
	status = need_text(&r, root, "name", &scheme->name);
	if (status == PEN_OK)
		status = check_object(&r, root, keys);
	if (status == PEN_OK)
		status = take_head(&r, root);
	if (status == PEN_OK)
		status = take_parts(&r, root);
	pen_json__free(root);
	return status;
}
