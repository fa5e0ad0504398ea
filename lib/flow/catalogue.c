/* The catalogue: every rule, what it looks at, and what to do. */
#include "base/error.h"
#include "model/printer.h"
#include "store/sqlrule.h"

/* Texts of the program are translated; those of a file are as the file has them. */
static void print_rule(const struct pen_rule *rule, const char *file, struct pen_printer *printer)
{
	const struct pen_item row[] = {
		PEN_I_TEXT("rule", _("rule"), rule->id),
		PEN_I_TEXT("class", _("class"), pen_rule__class_name(rule->class)),
		PEN_I_TEXT("severity", _("severity"), pen_rule__severity_name(rule->severity)),
		PEN_I_TEXT("clause", _("clause"), rule->clause),
		PEN_I_TEXT("looks_at", _("looks at"), file ? rule->looks_at : _(rule->looks_at)),
		PEN_I_TEXT("advice", _("advice"), file ? rule->advice : _(rule->advice)),
		PEN_I_TEXT("file", _("file"), file),
	};

	pen_printer__row(printer, "rule", PEN_ITEMS(row));
}

/* The files' rules: how many are shipped, the agency's own, and not to be used, of
 * which the first becomes the error. */
struct counts { int64_t shipped, own, unusable; };

static void print_files(const struct pen_sqlrules *rules, struct pen_printer *printer, struct counts *counts,
    struct pen_error *error)
{
	const struct pen_sqlrule *rule;
	size_t i;

	for (i = 0; i < pen_sqlrule__count(rules); i++) {
		rule = pen_sqlrule__at(rules, i);
		if (rule->fault && !counts->unusable++) {
			pen_error__set(error, PEN_INCOMPLETE, "catalogue.rule", "%s", rule->fault);
			pen_error__at(error, rule->file, 0, NULL);
		}
		counts->own += rule->own && !rule->fault;
		counts->shipped += !rule->own && !rule->fault;
		if (!rule->fault)
			print_rule(&rule->rule, rule->file, printer);
	}
}

enum pen_status pen_catalogue(const char *store, struct pen_printer *printer, struct pen_error *error)
{
	struct counts counts = { 0 };
	struct pen_sqlrules *rules;
	size_t i;
	enum pen_status status = pen_sqlrule__load_all(&rules, store, error);

	if (status != PEN_OK)
		return status;
	pen_printer__open_table(printer, "catalogue", _("Rules"), NULL);
	for (i = 0; i < pen_rule__count(); i++)
		print_rule(pen_rule__at(i), NULL, printer);
	print_files(rules, printer, &counts, error);
	if (counts.unusable)
		status = PEN_INCOMPLETE;
	const struct pen_item summary[] = {
		PEN_I_INT("program", _("in the program"), (int64_t)pen_rule__count()),
		PEN_I_INT("files", _("in share/rules"), counts.shipped),
		PEN_I_INT("own", _("the agency's own"), counts.own),
		PEN_I_INT("unusable", _("that cannot be used"), counts.unusable),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
	pen_sqlrule__free(rules);
	return status;
}
