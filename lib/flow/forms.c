#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/printer.h"
#include "store/settings.h"

#include <limits.h>

#define FORMS_MOST 256
#define FORM_LIMIT ((size_t)16 << 20)

/* Words of a list, with blanks between. */
static void join_roles(const struct pen_form *form, struct pen_text *out)
{
	int i;

	pen_text__clear(out);
	for (i = 0; i < form->roles; i++)
		pen_text__printf(out, "%s%s", i ? ", " : "", form->role[i]);
}

static void join_titles(const struct pen_form *form, struct pen_text *out)
{
	int i;

	pen_text__clear(out);
	for (i = 0; i < form->count; i++)
		pen_text__printf(out, "%s%s%s", i ? ", " : "", form->fields[i].title, form->fields[i].optional ? "?" : "");
}

/* What is computed is not, and answers go in by pen-seal. */
static bool is_brought_in(const struct pen_form *form)
{
	return form->kind && !form->computed;
}

static enum pen_status show(const char *name, struct pen_printer *printer, struct pen_text text[2],
    int64_t *forms, struct pen_error *error)
{
	struct pen_form *form;
	enum pen_status status = pen_settings__form(NULL, name, &form, NULL, error);

	if (status)
		return status;
	if (!is_brought_in(form))
		goto out;
	join_roles(form, &text[0]);
	join_titles(form, &text[1]);
	if (text[0].failed || text[1].failed) {
		status = pen_error__memory(error);
	} else {
		const struct pen_item row[] = {
			PEN_I_TEXT("form", _("form"), form->name),
			PEN_I_TEXT("title", _("title"), form->title),
			PEN_I_TEXT("clause", _("clause"), form->clause),
			PEN_I_TEXT("record", _("record"), form->kind->name),
			PEN_I_TEXT("signatures", _("signed by"), text[0].n ? text[0].s : NULL),
			PEN_I_TEXT("columns", _("columns (?: may be absent)"), text[1].s),
		};

		pen_printer__row(printer, "form", PEN_ITEMS(row));
		++*forms;
	}
out:
	pen_form__free(form);
	return status;
}

enum pen_status pen_forms_list(struct pen_printer *printer, struct pen_error *error)
{
	char (*names)[64] = pen_memory__calloc(FORMS_MOST, sizeof(*names));
	struct pen_text text[2] = { { 0 }, { 0 } };
	enum pen_status status;
	int64_t forms = 0;
	size_t count = 0, i;

	if (!names)
		return pen_error__memory(error);
	status = pen_settings__form_names(names, FORMS_MOST, &count, error);
	if (!status)
		pen_printer__open_table(printer, "forms", _("Forms"), NULL);
	for (i = 0; !status && i < count; i++)
		status = show(names[i], printer, text, &forms, error);
	if (!status) {
		const struct pen_item summary[] = { PEN_I_INT("forms", _("forms"), forms) };

		pen_printer__close_table(printer, PEN_ITEMS(summary), PEN_OK);
	}
	pen_text__free(&text[0]);
	pen_text__free(&text[1]);
	pen_memory__free(names);
	return status;
}

enum pen_status pen_forms_schema(const char *form, struct pen_printer *printer, struct pen_error *error)
{
	char file[80], dir[PATH_MAX], path[PATH_MAX], *bytes;
	struct pen_form *read;
	enum pen_status status;
	size_t n;

	/* Reading it looks the name up among those that are there, and says
	 * what is wrong with the file before somebody relies on it. */
	status = pen_settings__form(NULL, form, &read, NULL, error);
	if (status)
		return status;
	snprintf(file, sizeof(file), "%s.json", read->name);
	pen_form__free(read);
	status = pen_file__join(dir, sizeof(dir), pen_file__share(), "forms", error);
	if (!status)
		status = pen_file__join(path, sizeof(path), dir, file, error);
	if (!status)
		status = pen_file__load(path, FORM_LIMIT, &bytes, &n, error);
	if (status)
		return status;
	pen_printer__raw(printer, bytes, n);
	pen_memory__free(bytes);
	return PEN_OK;
}
