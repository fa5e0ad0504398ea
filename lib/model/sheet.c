#include "model/sheet.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"

#include <string.h>

/* By what a total row is called, and which rows it sums up: those of a page or an
 * employer alone, those of the whole file alone, or either. */
enum scope { OF_PART, OF_ALL, OF_EITHER };
static const struct { const char *word; enum scope scope; } total_words[] = {
	{ "合计", OF_EITHER }, { "共计", OF_EITHER }, { "合计金额", OF_EITHER },
	{ "小计", OF_PART }, { "本页小计", OF_PART }, { "本页合计", OF_PART }, { "页计", OF_PART },
	{ "总计", OF_ALL }, { "总合计", OF_ALL }, { "累计", OF_ALL },
};
#define TOTAL_WORDS (sizeof(total_words) / sizeof(total_words[0]))

/* How lines for people begin, and what else is in them. */
static const struct { const char *begin, *within; } footer_words[] = {
	{ "制表", NULL }, { "审核", NULL }, { "复核", NULL }, { "打印", NULL }, { "填报", NULL },
	{ "填表", NULL }, { "单位负责人", NULL }, { "负责人", NULL }, { "经办", NULL }, { "报送", NULL },
	{ "备注", NULL }, { "说明", NULL }, { "注:", NULL }, { "第", "页" }, { "共", "页" },
	{ "共", "人" }, { "日期", NULL }, { "导出", NULL }, { "大写", NULL }, { "人民币", "大写" },
	{ "合计", "大写" }, { "金额", "大写" },
};
#define FOOTER_WORDS (sizeof(footer_words) / sizeof(footer_words[0]))

/* The amounts of the rows so far, by field, and how many could not be read. */
struct sums { int64_t fen[PEN_FIELDS_MOST], unread[PEN_FIELDS_MOST]; };

/* `at_total` is what `now` was at the last total row, `at_word` at the last one of
 * that name. `money` are the fields with amounts that the file has a column for. */
struct pen_sheet {
	const struct pen_form *form;
	int32_t today;
	struct pen_decoder *decoder;
	struct pen_arena *arena;	/* what is looked at */
	struct pen_sheet_header header;
	int money[PEN_FIELDS_MOST], moneys;
	size_t prepared;		/* the number of columns for which it is; 0: for none */
	bool wary;
	bool below, totalled;		/* no row since the last total row; there was one with an amount */
	struct sums now, at_total, at_word[TOTAL_WORDS];
	struct pen_sheet_counts counts;
};

enum pen_status pen_sheet__open(struct pen_sheet **sheet, const struct pen_form *form, enum pen_encoding encoding,
    uint32_t given, int32_t today, struct pen_error *error)
{
	struct pen_sheet *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->form = form;
	made->today = today;
	made->arena = pen_memory__arena();
	status = made->arena ? pen_charset__decoder(&made->decoder, encoding, error) : pen_error__memory(error);
	if (status == PEN_OK)
		status = pen_sheet_header__open(&made->header, form, made->decoder, given, today, error);
	if (status != PEN_OK) {
		pen_sheet__close(made);
		return status;
	}
	*sheet = made;
	return PEN_OK;
}

void pen_sheet__close(struct pen_sheet *sheet)
{
	if (!sheet)
		return;
	pen_sheet_header__close(&sheet->header);
	if (sheet->decoder)
		pen_charset__close(sheet->decoder);
	pen_memory__drop(sheet->arena);
	pen_memory__free(sheet);
}

struct pen_sheet_header *pen_sheet__header(struct pen_sheet *sheet)
{
	return &sheet->header;
}

void pen_sheet__counts(const struct pen_sheet *sheet, struct pen_sheet_counts *counts)
{
	*counts = sheet->counts;
	counts->untotalled = sheet->moneys > 0 && sheet->header.count > 1 && !sheet->totalled;
}

static bool is_identifier(const struct pen_field *field)
{
	return field->type == PEN_FIELD_CITIZEN_ID || field->type == PEN_FIELD_CREDIT_CODE;
}

/* Once the header is known, and when keys have joined it. Without an identifier in the file a total row may look
 * like any other. */
static void prepare(struct pen_sheet *sheet)
{
	int i;

	if (sheet->prepared == sheet->header.title_count)
		return;
	sheet->prepared = sheet->header.title_count;
	sheet->moneys = 0;
	sheet->wary = true;
	for (i = 0; i < sheet->form->count; i++) {
		if (sheet->header.columns.column_of[i] < 0)
			continue;
		if (sheet->form->fields[i].type == PEN_FIELD_MONEY)
			sheet->money[sheet->moneys++] = i;
		if (is_identifier(&sheet->form->fields[i]))
			sheet->wary = false;
	}
}

bool pen_sheet__wary(const struct pen_sheet *sheet)
{
	return sheet->wary;
}

/* ----------------------------------------------------------------- rows -- */

void pen_sheet__row(struct pen_sheet *sheet, const struct pen_cell *cells)
{
	const struct pen_cell *cell;
	int i, field;

	prepare(sheet);
	sheet->below = false;
	for (i = 0; i < sheet->moneys; i++) {
		field = sheet->money[i];
		cell = cells ? &cells[field] : NULL;
		if (cell && cell->has_fen && pen_money__add(sheet->now.fen[field], cell->fen, &sheet->now.fen[field]))
			continue;
		/* Nothing there is nothing to add. */
		if (cell && !cell->has_fen && (!cell->rule || strcmp(cell->rule, "field.required") == 0))
			continue;
		sheet->now.unread[field]++;
	}
}

void pen_sheet__rows(struct pen_sheet *sheet, int64_t rows, const int64_t fen[PEN_FIELDS_MOST])
{
	int i, field;

	if (!rows)
		return;
	prepare(sheet);
	sheet->below = false;
	for (i = 0; i < sheet->moneys; i++) {
		field = sheet->money[i];
		if (!pen_money__add(sheet->now.fen[field], fen[field], &sheet->now.fen[field]))
			sheet->now.unread[field]++;
	}
}

/* ------------------------------------------------- what might be data -- */

/* What a cell says as such a field, whatever the bounds of the form's own are. */
static void read_as(const struct pen_sheet *sheet, const struct pen_sheet_cell *cell, enum pen_field_type type,
    struct pen_cell *out)
{
	const struct pen_field field = { .name = "", .title = "", .type = type };

	pen_field__read(&field, cell->s, cell->n, sheet->today, out);
}

/* Digits and letters alone that are as many as an identifier has, or are what is
 * left of one: masked, or made a number of. Prose is none, whatever is in it, and
 * neither is a time of day. */
static bool is_like_identifier(const struct pen_sheet_cell *cell)
{
	size_t i, digits = 0;
	bool damaged = false;

	for (i = 0; i < cell->folded_n; i++) {
		if ((unsigned char)cell->folded[i] >= 0x80 || cell->folded[i] == ':' || cell->folded[i] == '/')
			return false;
		digits += cell->folded[i] >= '0' && cell->folded[i] <= '9';
		damaged = damaged || cell->folded[i] == '*' || memcmp(cell->folded + i, "E+", 2) == 0;
	}
	return digits >= 14 || (damaged && digits > 0);
}

static bool may_identify(const struct pen_sheet *sheet, const struct pen_sheet_cell *cell)
{
	static const enum pen_field_type types[] = { PEN_FIELD_CITIZEN_ID, PEN_FIELD_CREDIT_CODE };
	struct pen_cell as;
	size_t i;

	if (cell->n == 0)
		return false;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		read_as(sheet, cell, types[i], &as);
		if (!as.rule && as.value.type != PEN_NULL)
			return true;
	}
	return is_like_identifier(cell);
}

static int field_of(const struct pen_sheet *sheet, size_t column)
{
	return column < (size_t)sheet->header.columns.source_count ? sheet->header.columns.field_of[column] : -1;
}

/* An amount where amounts stand; elsewhere a number with decimals, since pages are
 * numbered too. */
static bool may_be_amount(const struct pen_sheet *sheet, const struct pen_sheet_cell *cell, size_t column)
{
	int field = field_of(sheet, column);
	struct pen_cell as;

	if (cell->n == 0)
		return false;
	read_as(sheet, cell, PEN_FIELD_MONEY, &as);
	if (!as.has_fen || as.repairs & PEN_REPAIR_DASH)
		return false;
	return (field >= 0 && sheet->form->fields[field].type == PEN_FIELD_MONEY) || memchr(cell->folded, '.', cell->folded_n);
}

/* Every column filled that a row must have. */
static bool is_full(const struct pen_sheet *sheet, const struct pen_sheet_cells *cells)
{
	int i, column;

	for (i = 0; i < sheet->form->count; i++) {
		column = sheet->header.columns.column_of[i];
		if (column >= 0 && sheet->form->fields[i].required &&
		    (column >= (int)cells->count || cells->cell[column].n == 0))
			return false;
	}
	return true;
}

/* ----------------------------------------------------------- total rows -- */

static bool take_off(const char **s, size_t *n, const char *word, bool first)
{
	size_t length = strlen(word);

	if (*n < length || memcmp(first ? *s : *s + *n - length, word, length) != 0)
		return false;
	*s += first ? length : 0;
	*n -= length;
	return true;
}

/* Takes 5人, (5人), 共5人 from the end; nothing where no number is. */
static void take_count(const char **s, size_t *n)
{
	static const char *const units[] = { "人次", "人", "户", "条", "笔", "行", "家" };
	const char *from = *s;
	size_t left = *n, digits = 0, i;
	bool bracket = take_off(&from, &left, ")", false), unit = false;

	for (i = 0; i < sizeof(units) / sizeof(units[0]) && !unit; i++)
		unit = take_off(&from, &left, units[i], false);
	for (; unit && left > 0 && from[left - 1] >= '0' && from[left - 1] <= '9'; left--)
		digits++;
	if (digits == 0)
		return;
	take_off(&from, &left, "共", false);
	if (bracket && !take_off(&from, &left, "(", false))
		return;
	*n = left;
}

/* Which word for a total a cell is, or -1: with what people write around it, such as
 * 人民币合计:, 合计5人, 合计(元). */
static int total_word(const struct pen_sheet_cell *cell)
{
	static const char *const around[] = { "人民币", "(元)", "(小写)", ":" };
	const char *s = cell->folded;
	size_t n = cell->folded_n, i;

	for (i = 0; i < TOTAL_WORDS; i++) {
		if (strlen(total_words[i].word) == n && memcmp(total_words[i].word, s, n) == 0)
			return (int)i;
	}
	take_off(&s, &n, ":", false);
	take_count(&s, &n);
	take_off(&s, &n, "人民币", true);
	for (i = sizeof(around) / sizeof(around[0]); i-- > 0;)
		take_off(&s, &n, around[i], false);
	for (i = 0; i < TOTAL_WORDS; i++) {
		if (strlen(total_words[i].word) == n && memcmp(total_words[i].word, s, n) == 0)
			return (int)i;
	}
	return -1;
}

/* Where people have numbers, a total row may name the employer that it is of. */
static bool names_nobody(const struct pen_sheet *sheet, const struct pen_sheet_cells *cells)
{
	const struct pen_form *form = sheet->form;
	enum pen_field_type type = PEN_FIELD_CREDIT_CODE;
	int i, column;

	for (i = 0; i < form->count; i++) {
		if (form->fields[i].type == PEN_FIELD_CITIZEN_ID && sheet->header.columns.column_of[i] >= 0)
			type = PEN_FIELD_CITIZEN_ID;
	}
	for (i = 0; i < form->count; i++) {
		column = sheet->header.columns.column_of[i];
		if (form->fields[i].type == type && column >= 0 && column < (int)cells->count &&
		    may_identify(sheet, &cells->cell[column]))
			return false;
	}
	return true;
}

static int find_total(const struct pen_sheet *sheet, const struct pen_sheet_cells *cells)
{
	int word = -1;
	size_t i;

	for (i = 0; i < cells->count && word < 0; i++)
		word = total_word(&cells->cell[i]);
	return word >= 0 && names_nobody(sheet, cells) ? word : -1;
}

/* A total row against the rows since `base` (NULL: the beginning). `wrong` is the
 * first field that does not agree, or -1. */
struct comparison { int compared, unchecked, wrong; };

/* What the total row says of a field; false if that is nothing, or no amount. */
static bool figure(const struct pen_sheet *sheet, const struct pen_sheet_cells *cells, int field, int64_t *fen)
{
	const struct pen_field money = { .name = "", .title = "", .type = PEN_FIELD_MONEY,
		.fen = sheet->header.columns.fen[field] };
	int column = sheet->header.columns.column_of[field];
	struct pen_cell as;

	if (column >= (int)cells->count || cells->cell[column].n == 0)
		return false;
	pen_field__read(&money, cells->cell[column].s, cells->cell[column].n, sheet->today, &as);
	*fen = as.fen;
	return as.has_fen && !(as.repairs & PEN_REPAIR_DASH);
}

static int64_t sum_since(const struct pen_sheet *sheet, const struct sums *base, int field)
{
	return sheet->now.fen[field] - (base ? base->fen[field] : 0);
}

static struct comparison compare(const struct pen_sheet *sheet, const struct pen_sheet_cells *cells,
    const struct sums *base)
{
	struct comparison result = { 0, 0, -1 };
	int64_t fen;
	int i, field;

	for (i = 0; i < sheet->moneys; i++) {
		field = sheet->money[i];
		if (!figure(sheet, cells, field, &fen))
			continue;
		if (sheet->now.unread[field] > (base ? base->unread[field] : 0))
			result.unchecked++;
		else if (sum_since(sheet, base, field) == fen)
			result.compared++;
		else if (result.wrong < 0)
			result.wrong = field;
	}
	return result;
}

/* Says which figure is wrong, and what it could have been. */
static enum pen_status refuse_total(const struct pen_sheet *sheet, const struct pen_sheet_cells *cells, int word,
    int field, struct pen_error *error)
{
	int column = sheet->header.columns.column_of[field];
	char found[24], part[24], all[24], title[64];
	const char *name = total_words[word].word;
	int64_t fen = 0;
	size_t n = sheet->header.titles[column].n;
	const char *text = sheet->form->fields[field].title, *s;

	figure(sheet, cells, field, &fen);
	pen_money__format(fen, found);
	pen_money__format(sum_since(sheet, &sheet->at_total, field), part);
	pen_money__format(sheet->now.fen[field], all);
	if (total_words[word].scope == OF_ALL)
		pen_error__set(error, PEN_INPUT, "total.wrong",
		    _("the total row (%s) says %s, all the rows above come to %s: rows are missing, or an amount is wrong; compare with the paper, correct it and bring the file in again, nothing of it was"),
		    name, found, all);
	else
		pen_error__set(error, PEN_INPUT, "total.wrong",
		    _("the total row (%s) says %s, the rows since the last one come to %s, all the rows above to %s: rows are missing, or an amount is wrong; compare with the paper, correct it and bring the file in again, nothing of it was"),
		    name, found, part, all);
	/* The file's own title, if it is text that has room. */
	if (pen_charset__decode(sheet->decoder, sheet->header.titles[column].s, n, &s, &n, &(struct pen_error){ 0 }) == PEN_OK) {
		pen_text__trim(&s, &n);
		if (n > 0 && n < sizeof(title)) {
			memcpy(title, s, n);
			title[n] = '\0';
			text = title;
		}
	}
	return pen_error__at(error, NULL, cells->line, text);
}

/* The rows that a total row may sum up, the nearest first: right if one of these
 * fits, all of its figures together. */
static enum pen_status check_total(struct pen_sheet *sheet, const struct pen_sheet_cells *cells, int word,
    struct pen_error *error)
{
	const struct sums *bases[] = { &sheet->at_total, &sheet->at_word[word], NULL };
	enum scope scope = total_words[word].scope;
	struct comparison result, best = { 0, 0, -1 };
	int i, first_wrong = -1;
	bool fits = false;

	for (i = scope == OF_ALL ? 2 : 0; i < (scope == OF_PART ? 2 : 3); i++) {
		result = compare(sheet, cells, bases[i]);
		if (result.wrong >= 0) {
			first_wrong = first_wrong < 0 ? result.wrong : first_wrong;
			continue;
		}
		if (!fits || result.unchecked < best.unchecked)
			best = result;
		fits = true;
	}
	if (!fits && first_wrong >= 0)
		return refuse_total(sheet, cells, word, first_wrong, error);
	sheet->counts.totals += best.compared > 0 && best.unchecked == 0;
	sheet->counts.unchecked += best.unchecked > 0;
	sheet->at_total = sheet->at_word[word] = sheet->now;
	sheet->below = true;
	/* One without an amount is none to compare with. */
	sheet->totalled |= best.compared > 0 || best.unchecked > 0;
	return PEN_OK;
}

/* ------------------------------------------------------ lines for people -- */

/* True if the first cell with something in it begins as such lines do. */
static bool begins_as_footer(const struct pen_sheet_cells *cells)
{
	const struct pen_sheet_cell *cell = cells->cell;
	size_t i, length;

	while (cell->n == 0)
		cell++;
	for (i = 0; i < FOOTER_WORDS; i++) {
		length = strlen(footer_words[i].begin);
		if (cell->folded_n >= length && memcmp(cell->folded, footer_words[i].begin, length) == 0 &&
		    (!footer_words[i].within || strstr(cell->folded, footer_words[i].within)))
			return true;
	}
	return false;
}

static bool is_footer(const struct pen_sheet *sheet, const struct pen_sheet_cells *cells)
{
	size_t i;

	if ((!sheet->below && !begins_as_footer(cells)) || is_full(sheet, cells))
		return false;
	for (i = 0; i < cells->count; i++) {
		if (may_identify(sheet, &cells->cell[i]) || may_be_amount(sheet, &cells->cell[i], i))
			return false;
	}
	return true;
}

/* Counts it, and keeps the beginning of the first ones. */
static void keep_footer(struct pen_sheet *sheet, const struct pen_sheet_cells *cells)
{
	struct pen_sheet_line *line;
	size_t i, n = 0, more;

	if (sheet->counts.footers++ >= PEN_SHEET_LINES)
		return;
	line = &sheet->counts.footer[sheet->counts.footers - 1];
	line->line = cells->line;
	for (i = 0; i < cells->count && n + 1 < sizeof(line->text); i++) {
		if (cells->cell[i].n == 0)
			continue;
		if (n > 0)
			line->text[n++] = ' ';
		more = sizeof(line->text) - 1 - n;
		if (cells->cell[i].n < more)
			more = cells->cell[i].n;
		/* In whole characters. */
		while (more > 0 && more < cells->cell[i].n && ((unsigned char)cells->cell[i].s[more] & 0xc0) == 0x80)
			more--;
		memcpy(line->text + n, cells->cell[i].s, more);
		n += more;
	}
	line->text[n] = '\0';
}

enum pen_status pen_sheet__other(struct pen_sheet *sheet, const struct pen_csv_field *fields, size_t count,
    long line, bool *other, struct pen_error *error)
{
	struct pen_sheet_cells cells;
	enum pen_status status;
	int word;

	*other = false;
	prepare(sheet);
	pen_memory__reset(sheet->arena);
	status = pen_sheet_cells__read(&cells, sheet->decoder, sheet->arena, fields, count, line, error);
	if (status != PEN_OK || cells.count == 0)
		return status;
	word = find_total(sheet, &cells);
	if (word >= 0) {
		*other = true;
		return check_total(sheet, &cells, word, error);
	}
	*other = pen_sheet_header__again(&sheet->header, &cells);
	if (!*other)
		status = pen_sheet_header__another(&sheet->header, &cells, sheet->arena, other, error);
	if (status != PEN_OK || *other || !is_footer(sheet, &cells))
		return status;
	keep_footer(sheet, &cells);
	*other = true;
	return pen_sheet_header__unit(&sheet->header, &cells, error);
}
