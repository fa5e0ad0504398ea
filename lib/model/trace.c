#include "model/trace.h"
#include "base/date.h"
#include "base/money.h"

#include <assert.h>
#include <string.h>

/* One more key; the first opens the step. NULL is null. */
static void put(struct pen_trace *trace, const char *lead, const char *value)
{
	pen_text__puts(&trace->json, lead);
	if (value)
		pen_text__json(&trace->json, value, strlen(value));
	else
		pen_text__puts(&trace->json, "null");
}

static void open_step(struct pen_trace *trace)
{
	pen_text__puts(&trace->json, trace->steps++ ? "," : "[");
}

void pen_trace__input(struct pen_trace *trace, const char *name, const char *value, const char *from)
{
	open_step(trace);
	put(trace, "{\"from\":", from);
	put(trace, ",\"name\":", name);
	put(trace, ",\"step\":\"input\",\"value\":", value);
	pen_text__puts(&trace->json, "}");
}

void pen_trace__input_fen(struct pen_trace *trace, const char *name, int64_t fen, const char *from)
{
	char value[24];

	pen_trace__input(trace, name, pen_money__format(fen, value), from);
}

void pen_trace__input_count(struct pen_trace *trace, const char *name, int64_t count, const char *from)
{
	char value[24];

	snprintf(value, sizeof(value), "%lld", (long long)count);
	pen_trace__input(trace, name, value, from);
}

/* "yes", and V with its digits, are verified; what is behind a colon says more. */
static bool is_verified(const char *verified)
{
	return strcmp(verified, "yes") == 0 || verified[0] == 'V';
}

void pen_trace__parameter(struct pen_trace *trace, const struct pen_parameter *parameter, int32_t month)
{
	char of[8], text[256];

	pen_date__format_month(month, of);
	open_step(trace);
	put(trace, "{\"area\":", parameter->area);
	put(trace, ",\"category\":", parameter->category);
	put(trace, ",\"digest\":", parameter->digest);
	put(trace, ",\"month\":", of);
	put(trace, ",\"name\":", parameter->name);
	put(trace, ",\"source\":", parameter->source);
	put(trace, ",\"step\":\"parameter\",\"table\":", parameter->table);
	put(trace, ",\"unit\":", parameter->unit);
	put(trace, ",\"value\":", parameter->text);
	put(trace, ",\"verified\":", parameter->verified);
	pen_text__puts(&trace->json, "}");
	if (is_verified(parameter->verified))
		return;
	snprintf(text, sizeof(text), "%s %s of %s: %s", parameter->name, parameter->text, of, parameter->verified);
	pen_trace__note(trace, "parameter.unverified", text);
}

void pen_trace__formula(struct pen_trace *trace, const char *name, const char *formula, const char *with,
    const char *rounding, const char *value)
{
	open_step(trace);
	put(trace, "{\"formula\":", formula);
	put(trace, ",\"name\":", name);
	put(trace, ",\"rounding\":", rounding);
	put(trace, ",\"step\":\"formula\",\"value\":", value);
	put(trace, ",\"with\":", with);
	pen_text__puts(&trace->json, "}");
}

void pen_trace__note(struct pen_trace *trace, const char *name, const char *text)
{
	open_step(trace);
	put(trace, "{\"name\":", name);
	put(trace, ",\"step\":\"note\",\"text\":", text);
	pen_text__puts(&trace->json, "}");
	trace->notes++;
}

const char *pen_trace__end(struct pen_trace *trace)
{
	pen_text__puts(&trace->json, trace->steps ? "]" : "[]");
	return trace->json.failed ? NULL : trace->json.s;
}

void pen_trace__free(struct pen_trace *trace)
{
	pen_text__free(&trace->json);
	*trace = (struct pen_trace){ .steps = 0 };
}

char *pen_trace__decimal(int64_t value, int places, char out[32])
{
	char digits[20] = "";
	int64_t unit = 1, part;
	size_t n;
	int i, last = 0;

	assert(places >= 0 && places < 19);
	for (i = 0; i < places; i++)
		unit *= 10;
	part = value % unit < 0 ? -(value % unit) : value % unit;
	for (i = places; i-- > 0; part /= 10) {
		digits[i] = (char)('0' + part % 10);
		if (digits[i] != '0' && !last)
			last = i + 1;
	}
	digits[last] = '\0';
	n = (size_t)snprintf(out, 32, "%s%lld", value < 0 && value > -unit ? "-" : "", (long long)(value / unit));
	if (last) {
		out[n] = '.';
		memcpy(out + n + 1, digits, (size_t)last + 1);
	}
	return out;
}
