#include "model/title_unit.h"

#include <string.h>

/* Brackets, once full-width ones are folded. */
static const struct { const char *open, *close; } brackets[] = {
	{ "(", ")" }, { "[", "]" }, { "【", "】" }, { "〔", "〕" }, { "<", ">" },
};

static const char *const dividers[] = { "/", ":", "," };

static const char *const yuan[] = {
	"元", "圆", "人民币", "人民币元", "元人民币", "RMB", "CNY", "YUAN", "¥", "￥",
};

/* By which a unit of money is known that is not the yuan. */
static const char *const others[] = { "元", "圆", "万", "千", "亿", "角", "分", "USD", "HKD" };

/* What is said before the unit. */
static const char *const leads[] = { "金额单位:", "货币单位:", "计量单位:", "单位:", "单位" };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool ends(const char *s, size_t n, const char *word)
{
	size_t length = strlen(word);

	return n >= length && memcmp(s + n - length, word, length) == 0;
}

static bool begins(const char *s, size_t n, const char *word)
{
	size_t length = strlen(word);

	return n >= length && memcmp(s, word, length) == 0;
}

static bool is(const char *s, size_t n, const char *word)
{
	return n == strlen(word) && memcmp(s, word, n) == 0;
}

static enum pen_title_unit kind(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < COUNT(yuan); i++)
		if (is(s, n, yuan[i]))
			return PEN_UNIT_YUAN;
	/* 元/月 says more than the unit; 分 and 万 are units where nothing else is
	 * said, and 本年度分摊 is none. */
	for (i = 0; i < COUNT(others); i++)
		if (is(s, n, others[i]) || (i < 2 && (ends(s, n, others[i]) || begins(s, n, others[i]))))
			return PEN_UNIT_OTHER;
	return PEN_UNIT_NONE;
}

/* Where the brackets at the end open; n if there are none. */
static size_t opening(const char *s, size_t n, size_t *close)
{
	size_t i, at;

	for (i = 0; i < COUNT(brackets); i++) {
		if (!ends(s, n, brackets[i].close))
			continue;
		*close = strlen(brackets[i].close);
		for (at = n - *close; at > 0; at--)
			if (begins(s + at, n - at, brackets[i].open))
				return at;
	}
	return n;
}

enum pen_title_unit pen_title_unit__of(const char *folded, size_t n, size_t *title, size_t *unit, size_t *length)
{
	size_t close = 0, at = opening(folded, n, &close), from = n, i;
	enum pen_title_unit found;

	if (at < n) {
		/* One character opens them, of as many bytes as the one that closes. */
		from = at + close;
		n -= close;
	} else {
		for (i = 0; i < COUNT(dividers) && from == n; i++)
			for (at = n; at > 1 && from == n; at--)
				if (folded[at - 1] == *dividers[i])
					from = at;
		at = from - 1;
	}
	for (i = 0; i < COUNT(leads); i++) {
		if (begins(folded + from, n - from, leads[i])) {
			from += strlen(leads[i]);
			break;
		}
	}
	found = from < n && at > 0 ? kind(folded + from, n - from) : PEN_UNIT_NONE;
	if (found != PEN_UNIT_NONE) {
		*title = at;
		*unit = from;
		*length = n - from;
	}
	return found;
}

/* The unit at the front, its length; 0: none, or yuan. */
static size_t other_unit(const char *s)
{
	static const char *const words[] = { "万元", "千元", "百元", "亿元", "美元", "港元" };
	size_t lead = begins(s, strlen(s), "人民币") ? strlen("人民币") : 0, i;

	for (i = 0; i < COUNT(words); i++)
		if (begins(s + lead, strlen(s + lead), words[i]))
			return lead + strlen(words[i]);
	return 0;
}

const char *pen_title_unit__other(const char *folded, size_t *length)
{
	const char *at;
	size_t i, lead;

	for (i = 0; i < COUNT(leads); i++) {
		at = strstr(folded, leads[i]);
		lead = strlen(leads[i]);
		*length = at ? other_unit(at + lead) : 0;
		if (*length) {
			*length += lead;
			return at;
		}
	}
	/* (万元) behind the sheet's own title. */
	for (i = 0; i < COUNT(brackets); i++) {
		at = strstr(folded, brackets[i].open);
		lead = strlen(brackets[i].open);
		*length = at ? other_unit(at + lead) : 0;
		if (*length && begins(at + lead + *length, strlen(at + lead + *length), brackets[i].close))
			return at + lead;
	}
	return NULL;
}
