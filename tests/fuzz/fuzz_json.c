/* JSON documents: what is read can be walked, to its end. */
#include "fuzz.h"
#include "adapter/json.h"

static size_t walk(const struct pen_json *node)
{
	const struct pen_json *child;
	size_t n = 1, children = 0;
	int64_t value;

	pen_json__string(node);
	pen_json__is_true(node);
	if (pen_json__integer(node, &value))
		holds(value > -(INT64_C(1) << 53) && value < INT64_C(1) << 53);
	for (child = pen_json__first(node); child; child = pen_json__next(child)) {
		if (pen_json__key(child))
			holds(pen_json__member(node, pen_json__key(child)));
		n += walk(child);
		children++;
	}
	holds(children == pen_json__count(node));
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct pen_error error = { 0 };
	struct pen_json *root;
	enum pen_status status = pen_json__parse(&root, (const char *)bytes, n, &error);

	refused_well(status, &error);
	if (status == PEN_OK) {
		walk(root);
		pen_json__free(root);
	}
	return 0;
}
