/* Forms: an agency writes its own; every field can be found by its name and title. */
#include "fuzz.h"
#include "model/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct pen_error error = { 0 };
	struct pen_form *form;
	enum pen_status status = pen_form__read(&form, (const char *)bytes, n, &error);
	int i;
	bool fen;

	refused_well(status, &error);
	if (status != PEN_OK)
		return 0;
	for (i = 0; i < form->count; i++) {
		holds(pen_form__field(form, form->fields[i].name) == i);
		pen_form__called(form, form->fields[i].name, strlen(form->fields[i].name), &fen);
	}
	pen_form__free(form);
	return 0;
}
