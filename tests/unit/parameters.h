/* The shipped parameter tables, and such as a test makes up, for units of the model. */
#ifndef PEN_TEST_PARAMETERS_H
#define PEN_TEST_PARAMETERS_H

#include "base/file.h"
#include "model/parameter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMETER_HEAD "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"

static char *text_of(const char *path)
{
	char full[512], *text;
	FILE *in;
	long n;

	snprintf(full, sizeof(full), "%s/%s", PEN_SOURCE, path);
	in = fopen(full, "rb");
	assert_non_null(in);
	fseek(in, 0, SEEK_END);
	n = ftell(in);
	rewind(in);
	text = malloc((size_t)n + 1);
	assert_int_equal(fread(text, 1, (size_t)n, in), (size_t)n);
	text[n] = '\0';
	fclose(in);
	return text;
}

/* The next line of a text, cut off there; NULL behind the last. */
static inline char *next_line(char **at)
{
	char *line = *at;
	size_t n = strcspn(line, "\r\n");

	if (!*line)
		return NULL;
	*at = line + n + strspn(line + n, "\r\n");
	line[n] = '\0';
	return line;
}

static void add_text(struct pen_parameters *parameters, const char *name, const char *csv)
{
	struct pen_error error = { 0 };

	assert_int_equal(pen_parameter__add(parameters, name, csv, strlen(csv), &error), PEN_OK);
}

/* Retirement, divisors, benefits and account interest as they are shipped, and `more`. */
static inline struct pen_parameters *shipped_parameters(const char *more)
{
	static const char *const tables[] = { "retirement", "divisors", "benefits", "incomes", "interest" };
	struct pen_parameters *parameters = pen_parameter__new();
	char path[64], *csv;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		snprintf(path, sizeof(path), "share/params/%s.csv", tables[i]);
		csv = text_of(path);
		add_text(parameters, tables[i], csv);
		free(csv);
	}
	if (more)
		add_text(parameters, "more", more);
	return parameters;
}

#endif
