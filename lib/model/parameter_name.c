#include "model/parameter_name.h"
#include "base/date.h"
#include "base/error.h"
#include "base/money.h"
#include "model/parameter.h"

#include <string.h>

#define RETIREE "male60 female55 female50"
#define PAYER "employee flexible"
#define DUTIES "network inspect"
#define YEARS "0"			/* a category that is a number of years */
#define NUMBERS " "		/* a text that is numbers from low to high, with blanks between them */
#define MONTHS_MOST 1200
#define DAYS_MOST 3660
#define WAGE_MOST INT64_C(1000000000)	/* ten million yuan, in fen */
#define HUNDRED INT64_C(1000000)	/* percent, in millionths */

/* text: words says what can be, NUMBERS, or NULL for a month. Else the value lies from low to high;
 * birth months are whole numbers too, yyyymm. categories: words, YEARS, or NULL for no
 * bound; a row of no category holds for all. */
static const struct rule {
	const char *name, *unit;
	int64_t low, high;
	const char *categories, *words;
} rules[] = {
	{ PEN_RATE_UNIT, "percent", 0, HUNDRED, PAYER, NULL },
	{ PEN_RATE_PERSONAL, "percent", 0, HUNDRED, PAYER, NULL },
	{ PEN_BASE_FLOOR, "yuan", 1, WAGE_MOST, NULL, NULL },
	{ PEN_BASE_CAP, "yuan", 1, WAGE_MOST, NULL, NULL },
	{ PEN_SHARE_TOLERANCE, "fen/month", 0, WAGE_MOST, NULL, NULL },
	{ PEN_ACCOUNT_INTEREST, "percent", 1, HUNDRED, NULL, NULL },
	{ PEN_ACCOUNT_PROVISIONAL, "percent", 1, HUNDRED, NULL, NULL },
	{ PEN_DEEMED_UNTIL, "text", 0, 0, NULL, NULL },
	{ PEN_CREDIT_MONTH, "text", 0, 0, NULL, "period arrival" },
	{ PEN_RETIRE_AGE, "count", 1, MONTHS_MOST, RETIREE, NULL },
	{ PEN_RETIRE_DELAY_FROM, "count", 190001, 209912, RETIREE, NULL },
	{ PEN_RETIRE_DELAY_STEP, "count", 1, MONTHS_MOST, RETIREE, NULL },
	{ PEN_RETIRE_DELAY_MOST, "count", 0, MONTHS_MOST, RETIREE, NULL },
	{ PEN_RETIRE_FLEXIBLE, "count", 0, MONTHS_MOST, NULL, NULL },
	{ PEN_RETIRE_SPECIAL, "count", 1, MONTHS_MOST, RETIREE, NULL },
	{ PEN_RETIRE_MINIMUM, "count", 1, MONTHS_MOST, NULL, NULL },
	{ PEN_RETIRE_MINIMUM_YEAR, "text", 0, 0, NULL, "statutory chosen" },
	{ PEN_DIVISOR, "count", 1, MONTHS_MOST, YEARS, NULL },
	{ PEN_DIVISOR_MONTHS, "text", 0, 0, NULL, "linear whole" },
	{ PEN_WAGE_BASE, "yuan", 1, WAGE_MOST, "1 2", NULL },
	{ PEN_WAGE_BASE_PROVISIONAL, "yuan", 1, WAGE_MOST, "1 2", NULL },
	{ PEN_WAGE_AVERAGE, "yuan", 1, WAGE_MOST, NULL, NULL },
	{ PEN_INDEX_GAPS, "text", 0, 0, NULL, "paid zero" },
	{ PEN_INDEX_DECIMALS, "count", 0, 8, NULL, NULL },
	{ PEN_INDEX_WAGE, "text", 0, 0, NULL, "fen exact" },
	{ PEN_YEARS_ROUNDING, "text", 0, 0, NULL, "hundredths exact" },
	{ PEN_BENEFIT_ROUNDING, "text", 0, 0, NULL, "fen jiao" },
	{ PEN_TRANSITIONAL, "text", 0, 0, NULL, "mean wage base none" },
	{ PEN_TRANSITIONAL_RATE, "percent", 1, HUNDRED, YEARS, NULL },
	{ PEN_TRANSITIONAL_UNTIL, "text", 0, 0, NULL, NULL },
	{ PEN_EXTRA, "text", 0, 0, NULL, "wage mean none" },
	{ PEN_EXTRA_RATE, "percent", 1, HUNDRED, YEARS, NULL },
	{ PEN_EXTRA_PAID, "count", 0, MONTHS_MOST, NULL, NULL },
	{ PEN_CONSOLATION_MONTH, "yuan", 1, WAGE_MOST, NULL, NULL },
	{ PEN_CONSOLATION_YEAR, "yuan", 1, WAGE_MOST, NULL, NULL },
	{ PEN_WORKDAY_WEEK, "text", 1, 7, DUTIES, NUMBERS },
	{ PEN_WORKDAY_OFF, "text", 1, 31, DUTIES, NUMBERS },
	{ PEN_WORKDAY_ON, "text", 1, 31, DUTIES, NUMBERS },
	/* Of the rules in share/rules. */
	{ "workflow.confirm-days", "count", 0, DAYS_MOST, NULL, NULL },
	{ "workflow.review-days", "count", 0, DAYS_MOST, NULL, NULL },
	{ "workflow.sign-days", "count", 0, DAYS_MOST, NULL, NULL },
};

static const struct rule *rule_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strcmp(rules[i].name, name) == 0)
			return &rules[i];
	}
	return NULL;
}

/* Whether it is one of the words, which stand with blanks between them. */
static bool is_among(const char *s, const char *words)
{
	size_t n = strlen(s), word;

	for (; n && *words; words += word + (words[word] == ' ')) {
		word = strcspn(words, " ");
		if (word == n && memcmp(words, s, n) == 0)
			return true;
	}
	return false;
}

/* A whole number as the categories of divisors have it, without zeros before it. */
static bool is_years(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n < 4 && strspn(s, "0123456789") == n && (*s != '0' || n == 1);
}

static bool category_fits(const struct rule *rule, const char *category, char expected[160])
{
	if (!*category || !rule->categories)
		return true;
	if (strcmp(rule->categories, YEARS) != 0) {
		snprintf(expected, 160, _("nothing or one of: %s"), rule->categories);
		return is_among(category, rule->categories);
	}
	snprintf(expected, 160, "%s", _("nothing, or a number of whole years"));
	return is_years(category);
}

static bool are_numbers(const char *s, int64_t low, int64_t high)
{
	int64_t number;
	size_t n;

	for (; *s; s += n + (s[n] == ' ')) {
		n = strcspn(s, " ");
		if (pen_money__decimal(s, n, 0, &number) != PEN_DECIMAL_OK || number < low || number > high || (s[n] && !s[n + 1]))
			return false;
	}
	return true;
}

static bool text_fits(const struct rule *rule, const char *text, char expected[160])
{
	if (rule->words && strcmp(rule->words, NUMBERS) == 0) {
		snprintf(expected, 160, _("numbers from %d to %d with blanks between them"), (int)rule->low, (int)rule->high);
		return are_numbers(text, rule->low, rule->high);
	}
	if (rule->words) {
		snprintf(expected, 160, _("one of: %s"), rule->words);
		return is_among(text, rule->words);
	}
	snprintf(expected, 160, "%s", _("a month as YYYY-MM"));
	return pen_date__parse_month(text, strlen(text)) != 0;
}

/* The bound as it would stand in the table. */
static const char *show(const struct rule *rule, int64_t bound, char out[32])
{
	int64_t unit = strcmp(rule->unit, "percent") == 0 ? 10000 : strcmp(rule->unit, "fen/month") == 0 ? 1000 : 1;

	if (strcmp(rule->unit, "yuan") == 0)
		return pen_money__format(bound, out);
	if (bound % unit)
		snprintf(out, 32, "%lld.%04lld", (long long)(bound / unit), (long long)(bound % unit));
	else
		snprintf(out, 32, "%lld", (long long)(bound / unit));
	return out;
}

static bool number_fits(const struct rule *rule, int64_t value, char expected[160])
{
	char low[32], high[32];
	bool birth = strcmp(rule->name, PEN_RETIRE_DELAY_FROM) == 0;

	if (birth)
		snprintf(expected, 160, "%s", _("a month of birth as YYYYMM, such as 196501"));
	else
		snprintf(expected, 160, _("a number from %s to %s"), show(rule, rule->low, low), show(rule, rule->high, high));
	if (value < rule->low || value > rule->high)
		return false;
	return !birth || (value % 100 >= 1 && value % 100 <= 12);
}

bool pen_parameter_name__fits(const struct pen_parameter *parameter, const char **column, const char **found,
    char expected[160])
{
	const struct rule *rule = rule_of(parameter->name);

	if (!rule)
		return true;
	*column = "unit";
	*found = parameter->unit;
	/* A wage in counts would be read as fen. */
	snprintf(expected, 160, "%s", rule->unit);
	if (strcmp(parameter->unit, rule->unit) != 0)
		return false;
	*column = "category";
	*found = parameter->category;
	if (!category_fits(rule, parameter->category, expected))
		return false;
	*column = "value";
	*found = parameter->text;
	if (strcmp(rule->unit, "text") == 0)
		return text_fits(rule, parameter->text, expected);
	return number_fits(rule, parameter->value, expected);
}
