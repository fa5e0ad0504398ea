/* Forms as they are shipped. Included after cmocka.h. */
#ifndef PEN_FORM_FIXTURE_H
#define PEN_FORM_FIXTURE_H

#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "model/form.h"

/* The text of one; free with pen_memory__free. */
static inline char *form_text(const char *name, size_t *n)
{
	struct pen_error error = { 0 };
	char path[512], *json = NULL;

	snprintf(path, sizeof(path), "%s/share/forms/%s.json", PEN_SOURCE, name);
	if (pen_file__load(path, 1 << 20, &json, n, &error) != PEN_OK)
		fail_msg("%s: %s", name, error.text);
	return json;
}

static inline struct pen_form *shipped_form(const char *name)
{
	struct pen_error error = { 0 };
	struct pen_form *form = NULL;
	size_t n;
	char *json = form_text(name, &n);

	if (pen_form__read(&form, json, n, &error) != PEN_OK)
		fail_msg("%s: %s", name, error.text);
	pen_memory__free(json);
	return form;
}

#endif
