#include "store/people.h"

#include "base/date.h"
#include "base/error.h"
#include "base/identifier.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

void pen_people__text(struct pen_statement *statement, int column, char *out, size_t room)
{
	const char *s = pen_db__text(statement, column);
	size_t n = s ? strlen(s) : 0;

	if (n >= room)
		for (n = room - 1; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
			;
	if (n)
		memcpy(out, s, n);
	out[n] = '\0';
}

/* The number that a look-up by text gives; 0: none. */
static enum pen_status look_up(struct pen_store *store, enum pen_sql which, const char *value,
    int64_t *number, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, which, &statement, error);
	bool row;

	*number = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_text(statement, ":value", value);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row)
		*number = pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}

/* Upper case and without the blanks around it, as identifiers are kept. */
static void fold(const char *s, char *out, size_t room)
{
	size_t n = 0;

	for (; *s; s++)
		if (!isspace((unsigned char)*s) && n + 1 < room)
			out[n++] = (char)toupper((unsigned char)*s);
	out[n] = '\0';
}

static enum pen_status find_name(struct pen_store *store, enum pen_sql which, int64_t person, int64_t as_of,
    struct pen_someone *someone, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, which, &statement, error);
	bool row;

	*someone = (struct pen_someone){ .person = person };
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":person", person);
	pen_db__bind_int(statement, ":as_of", as_of);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row) {
		pen_people__text(statement, 0, someone->id_number, sizeof(someone->id_number));
		pen_people__text(statement, 1, someone->name, sizeof(someone->name));
	}
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_people__name(struct pen_store *store, int64_t person, int64_t as_of,
    struct pen_someone *someone, struct pen_error *error)
{
	return find_name(store, PEN_SQL_PEOPLE_NAME, person, as_of, someone, error);
}

const char *pen_people__called(struct pen_store *store, int64_t person, char out[PEN_PEOPLE_CALLED])
{
	struct pen_someone someone;
	struct pen_error ignored;

	if (find_name(store, PEN_SQL_PEOPLE_NAME, person, INT64_MAX, &someone, &ignored) != PEN_OK || !someone.id_number[0])
		find_name(store, PEN_SQL_PEOPLE_RETIRED, person, INT64_MAX, &someone, &ignored);
	if (someone.id_number[0])
		snprintf(out, PEN_PEOPLE_CALLED, "%s (%s)", someone.id_number, someone.name);
	else
		snprintf(out, PEN_PEOPLE_CALLED, _("person number %" PRId64), person);
	return out;
}

enum pen_status pen_people__number(struct pen_store *store, const char *id, int64_t *person, struct pen_error *error)
{
	char folded[32], id18[19], right = '\0';
	enum pen_identifier result;

	fold(id, folded, sizeof(folded));
	result = pen_identifier__citizen(folded, strlen(folded), pen_date__today(), id18, &right);
	if (result == PEN_IDENTIFIER_CHECK)
		return pen_error__set(error, PEN_USAGE, "person.id",
		    _("\"%s\" is no citizen id: its check character would be %c"), id, right);
	if (result != PEN_IDENTIFIER_OK)
		return pen_error__set(error, PEN_USAGE, "person.id",
		    _("\"%s\" is no citizen id: expected 18 characters (or 15), with an area and a day of birth that there are"), id);
	return look_up(store, PEN_SQL_PEOPLE_PERSON, id18, person, error);
}

enum pen_status pen_people__person(struct pen_store *store, const char *id, int64_t as_of,
    struct pen_someone *someone, struct pen_error *error)
{
	int64_t person;
	enum pen_status status = pen_people__number(store, id, &person, error);

	if (status != PEN_OK)
		return status;
	*someone = (struct pen_someone){ .person = 0 };
	if (person)
		status = pen_people__name(store, person, as_of, someone, error);
	if (status == PEN_OK && !someone->id_number[0] && as_of == INT64_MAX)
		return pen_error__set(error, PEN_USAGE, "person.unknown",
		    _("nobody with the citizen id %s is registered: look at the id, or bring the registration in (pen-import registration)"), id);
	if (status == PEN_OK && !someone->id_number[0])
		return pen_error__set(error, PEN_USAGE, "person.unknown",
		    _("nobody with the citizen id %s is registered as of entry %lld: look at the id, or bring the registration in (pen-import registration)"),
		    id, (long long)as_of);
	return status;
}

enum pen_status pen_people__business(struct pen_store *store, int64_t employer, int64_t as_of,
    struct pen_business *business, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PEOPLE_EMPLOYER_NAME, &statement, error);
	bool row;

	*business = (struct pen_business){ .employer = employer };
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":employer", employer);
	pen_db__bind_int(statement, ":as_of", as_of);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row) {
		pen_people__text(statement, 0, business->credit_code, sizeof(business->credit_code));
		pen_people__text(statement, 1, business->name, sizeof(business->name));
	}
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_people__employer(struct pen_store *store, const char *credit_code, int64_t as_of,
    struct pen_business *business, struct pen_error *error)
{
	enum pen_status status;
	int64_t employer;
	char folded[32];

	fold(credit_code, folded, sizeof(folded));
	status = look_up(store, PEN_SQL_PEOPLE_EMPLOYER, folded, &employer, error);
	*business = (struct pen_business){ .employer = 0 };
	if (status == PEN_OK && employer)
		status = pen_people__business(store, employer, as_of, business, error);
	if (status == PEN_OK && !business->credit_code[0] && as_of == INT64_MAX)
		return pen_error__set(error, PEN_USAGE, "employer.unknown",
		    _("no employer with the credit code %s is entered: look at the code, or bring the employer in (pen-import employer)"), credit_code);
	if (status == PEN_OK && !business->credit_code[0])
		return pen_error__set(error, PEN_USAGE, "employer.unknown",
		    _("no employer with the credit code %s is entered as of entry %lld: look at the code, or bring the employer in (pen-import employer)"),
		    credit_code, (long long)as_of);
	return status;
}

enum pen_status pen_people__signer(struct pen_store *store, int64_t folio, const char *role,
    int64_t as_of, struct pen_signer *signer, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PEOPLE_SIGNATURE, &statement, error);
	bool row;

	*signer = (struct pen_signer){ .staff = "" };
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_text(statement, ":role", role);
	pen_db__bind_int(statement, ":as_of", as_of);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row) {
		pen_people__text(statement, 0, signer->staff, sizeof(signer->staff));
		pen_people__text(statement, 1, signer->name, sizeof(signer->name));
		pen_people__text(statement, 2, signer->time, sizeof(signer->time));
	}
	pen_db__reset(statement);
	return status;
}
