#include "store/reference.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/keytable.h"
#include "store/persons.h"
#include "store/particulars.h"

#include <string.h>

/* What each employer of the table is: in the store, and claimed by this run. */
enum { EMPLOYER_ENTERED = 1, EMPLOYER_CLAIMED = 2 };
#define NO_AREA (-1)

/* Employers beyond the employers_loaded first ones are those claimed. people is NULL
 * for a form that names none. area[] is indexed by the employer's number, below areas: 0 for one that was not entered,
 * NO_AREA for one whose area is no code. */
struct pen_book {
	struct pen_store *store;
	struct pen_reference reference;
	struct pen_error error;		/* once reference.failed */
	struct pen_persons *people;
	struct pen_keytable *employers;
	size_t employers_loaded;
	int64_t next_employer;
	uint8_t *employer_flags;	/* by index */
	size_t flags_room;
	int32_t *area;
	size_t areas;
	char area_answer[16];		/* the last one given out */
	bool any_account;		/* somebody's account is opened or settled */
	struct pen_person_facts answer;	/* the last one given out */
	char name_answer[1024];		/* no form lets a name be longer */
	struct pen_particulars *particulars;
};

/* -------------------------------------------------------------- growing -- */

/* Room for `need` elements, the new ones zeroed. False: no memory. */
static bool make_room(void **at, size_t *room, size_t need, size_t size)
{
	size_t grown_room = *room ? *room : 1024;
	char *grown;

	if (need <= *room)
		return true;
	while (grown_room < need)
		grown_room += grown_room / 2;
	grown = pen_memory__realloc(*at, grown_room, size);
	if (!grown)
		return false;
	memset(grown + *room * size, 0, (grown_room - *room) * size);
	*at = grown;
	*room = grown_room;
	return true;
}

static uint8_t *flags_of(struct pen_book *book, size_t index)
{
	void *at = book->employer_flags;

	if (!make_room(&at, &book->flags_room, index + 1, sizeof(*book->employer_flags)))
		return NULL;
	book->employer_flags = at;
	return &book->employer_flags[index];
}

/* ----------------------------------------------------------- answering -- */

/* Answers are not statuses: the first failure is kept for _failure. */
static void fail(struct pen_book *book, enum pen_status status)
{
	if (!book->reference.failed && status != PEN_OK)
		book->reference.failed = true;
}

static void no_memory(struct pen_book *book)
{
	if (!book->reference.failed)
		fail(book, pen_error__memory(&book->error));
}

/* A code's number; an unknown one gets the next if it is claimed. 0: none. */
static int64_t number_for(struct pen_book *book, const char *key, bool claim, int64_t *index)
{
	struct pen_keytable *table = book->employers;

	*index = pen_keytable__find(table, key);
	if (*index < 0) {
		if (!claim || !pen_keytable__is_key(key))
			return 0;
		*index = (int64_t)pen_keytable__count(table);
		if (!pen_keytable__add(table, key, book->next_employer++)) {
			no_memory(book);
			return 0;
		}
	}
	return pen_keytable__number(table, (size_t)*index);
}

/* An employer is there if it was entered, or earlier in this run. */
static int64_t ask_employer(void *context, const char *credit_code, bool claim)
{
	struct pen_book *book = context;
	int64_t index, number;
	uint8_t *flags;

	number = number_for(book, credit_code, claim, &index);
	if (!number)
		return 0;
	flags = flags_of(book, (size_t)index);
	if (!flags) {
		no_memory(book);
		return 0;
	}
	if (claim)
		*flags |= EMPLOYER_CLAIMED;
	return *flags ? number : 0;
}

static const struct pen_person_facts *ask_person(void *context, const char id18[19], bool claim)
{
	struct pen_book *book = context;

	if (!book->people)
		return NULL;
	if (!pen_persons__find(book->people, id18, claim, &book->answer)) {
		no_memory(book);
		return NULL;
	}
	pen_particulars__ended(book->particulars, book->answer.person, &book->answer.retired_on, &book->answer.died_on);
	return book->answer.person ? &book->answer : NULL;
}

static void expect_person(const struct pen_book *book, const char id18[19], bool near)
{
	if (book->people)
		pen_persons__expect(book->people, id18, near);
}

static void expect(void *context, const char id18[19], bool near)
{
	expect_person(context, id18, near);
}

/* Asked for where the marks differ: seldom. */
static const char *ask_name(void *context, int64_t person)
{
	struct pen_book *book = context;
	struct pen_statement *s;
	bool row = false;

	if (book->reference.failed)
		return NULL;
	fail(book, pen_store__sql(book->store, PEN_SQL_REFERENCE_NAME, &s, &book->error));
	if (book->reference.failed)
		return NULL;
	pen_db__bind_int(s, ":person", person);
	fail(book, pen_db__step(s, &row, &book->error));
	if (row)
		snprintf(book->name_answer, sizeof(book->name_answer), "%s", pen_db__text(s, 0));
	pen_db__reset(s);
	return row && !book->reference.failed ? book->name_answer : NULL;
}

/* True if the bound statement gives a row; a failure counts as false. */
static bool any_row(struct pen_book *book, struct pen_statement *statement)
{
	bool row = false;

	fail(book, pen_db__step(statement, &row, &book->error));
	pen_db__reset(statement);
	return row && !book->reference.failed;
}

static bool ask_levy_known(void *context, int64_t employer, const struct pen_row *row)
{
	struct pen_book *book = context;
	const struct pen_value *voucher = &row->v[PEN_LEVY_VOUCHER];
	const struct pen_value *insurance = &row->v[PEN_LEVY_INSURANCE];
	char voucher_text[512], insurance_text[512];
	struct pen_statement *s;

	if (book->reference.failed)
		return false;
	fail(book, pen_store__sql(book->store, PEN_SQL_REFERENCE_LEVY_KNOWN, &s, &book->error));
	if (book->reference.failed)
		return false;
	/* Cells are not NUL-terminated; a field is at most 256 bytes. */
	snprintf(voucher_text, sizeof(voucher_text), "%.*s", (int)voucher->n, voucher->s);
	snprintf(insurance_text, sizeof(insurance_text), "%.*s", (int)insurance->n, insurance->s);
	pen_db__bind_text(s, ":voucher", voucher_text);
	pen_db__bind_text(s, ":insurance", insurance_text);
	pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":year", row->v[PEN_LEVY_YEAR].i);
	pen_db__bind_int(s, ":amount_fen", row->v[PEN_LEVY_AMOUNT].i);
	return any_row(book, s);
}

static bool ask_registered(void *context, int64_t person, int64_t employer, int32_t since)
{
	struct pen_book *book = context;
	struct pen_statement *s;

	/* Most people of a registration file are new: they cost no look-up. */
	if (book->reference.failed || !pen_persons__registered(book->people, person))
		return false;
	fail(book, pen_store__sql(book->store, PEN_SQL_REFERENCE_EMPLOYED, &s, &book->error));
	if (book->reference.failed)
		return false;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":since", since);
	return any_row(book, s);
}

static void ask_account(void *context, int64_t person, struct pen_account_facts *facts)
{
	struct pen_book *book = context;
	struct pen_statement *s;
	bool row = false;

	*facts = (struct pen_account_facts){ 0 };
	/* An agency's first openings cost no look-up. */
	if (book->reference.failed || !book->any_account)
		return;
	fail(book, pen_store__sql(book->store, PEN_SQL_REFERENCE_ACCOUNT, &s, &book->error));
	if (book->reference.failed)
		return;
	pen_db__bind_int(s, ":person", person);
	for (;;) {
		fail(book, pen_db__step(s, &row, &book->error));
		if (book->reference.failed || !row)
			break;
		if (strcmp(pen_db__text(s, 0), "opening") == 0) {
			facts->opening = pen_db__int(s, 1);
		} else {
			facts->settlement = pen_db__int(s, 1);
			facts->settled = (int32_t)pen_db__int(s, 2);
		}
	}
	pen_db__reset(s);
}

static const char *ask_area(void *context, int64_t employer)
{
	struct pen_book *book = context;

	if (employer <= 0 || (uint64_t)employer >= book->areas || book->area[employer] <= 0)
		return NULL;
	snprintf(book->area_answer, sizeof(book->area_answer), "%06d", (int)book->area[employer]);
	return book->area_answer;
}

/* -------------------------------------------------------------- loading -- */

static enum pen_status ask_next(struct pen_store *store, enum pen_sql which, int64_t *next,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, which, &s, error);
	bool row;

	if (status)
		return status;
	status = pen_db__step(s, &row, error);
	if (!status)
		*next = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

/* A key to its table; one that is no key (a foreign document) or is there
 * already (people who were merged) is passed over. */
static enum pen_status load_key(struct pen_keytable *table, const char *key, int64_t number, struct pen_error *error)
{
	if (!key || !pen_keytable__is_key(key) || pen_keytable__find(table, key) >= 0)
		return PEN_OK;
	return pen_keytable__add(table, key, number) ? PEN_OK : pen_error__memory(error);
}

static int32_t area_of(const char *text)
{
	int32_t area = 0;
	int i;

	for (i = 0; text && i < 6 && text[i] >= '0' && text[i] <= '9'; i++)
		area = area * 10 + (text[i] - '0');
	return text && i == 6 && !text[i] && area > 0 ? area : NO_AREA;
}

/* Which numbers were entered, with their areas; then the flags by index. */
static enum pen_status load_entered(struct pen_book *book, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;
	uint8_t *flags;
	size_t i;
	bool row;

	book->areas = (size_t)book->next_employer;
	book->area = pen_memory__calloc(book->areas, sizeof(*book->area));
	if (!book->area)
		return pen_error__memory(error);
	status = pen_store__sql(book->store, PEN_SQL_REFERENCE_ENTERED, &s, error);
	if (status)
		return status;
	while (!(status = pen_db__step(s, &row, error)) && row)
		if (pen_db__int(s, 0) > 0 && (uint64_t)pen_db__int(s, 0) < book->areas)
			book->area[pen_db__int(s, 0)] = area_of(pen_db__text(s, 1));
	pen_db__reset(s);
	for (i = 0; !status && i < pen_keytable__count(book->employers); i++) {
		int64_t number = pen_keytable__number(book->employers, i);

		flags = flags_of(book, i);
		if (!flags)
			status = pen_error__memory(error);
		else if (number > 0 && (uint64_t)number < book->areas)
			*flags = book->area[number] ? EMPLOYER_ENTERED : 0;
	}
	return status;
}

static enum pen_status load_employers(struct pen_book *book, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;
	bool row;

	status = ask_next(book->store, PEN_SQL_REFERENCE_NEXT_EMPLOYER, &book->next_employer, error);
	if (!status)
		status = pen_store__sql(book->store, PEN_SQL_REFERENCE_EMPLOYERS, &s, error);
	if (status)
		return status;
	while (!(status = pen_db__step(s, &row, error)) && row) {
		status = load_key(book->employers, pen_db__text(s, 0), pen_db__int(s, 1), error);
		if (status)
			break;
	}
	pen_db__reset(s);
	if (status)
		return status;
	book->employers_loaded = pen_keytable__count(book->employers);
	return load_entered(book, error);
}

static enum pen_status look_for_accounts(struct pen_book *book, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(book->store, PEN_SQL_REFERENCE_ANY_ACCOUNT, &s, error);

	if (status)
		return status;
	status = pen_db__step(s, &book->any_account, error);
	pen_db__reset(s);
	return status;
}

/* Employers and levies name no people. */
static bool needs_people(const struct pen_form *form)
{
	return form->kind->of_people;
}

enum pen_status pen_reference__open(struct pen_book **book, struct pen_store *store,
    const struct pen_form *form, int64_t as_of, struct pen_error *error)
{
	struct pen_book *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->reference = (struct pen_reference){ .context = made, .person = ask_person,
		.employer = ask_employer, .expect = expect, .levy_known = ask_levy_known, .registered = ask_registered,
		.account = ask_account, .area = ask_area, .name = ask_name };
	made->employers = pen_keytable__new();
	status = made->employers ? load_employers(made, error) : pen_error__memory(error);
	if (!status && needs_people(form))
		status = pen_persons__open(&made->people, store, as_of, error);
	if (!status && form->kind->id == PEN_KIND_OPENING)
		status = look_for_accounts(made, error);
	if (!status)
		status = pen_particulars__open(&made->particulars, store, form, as_of, error);
	if (status)
		goto err0;
	pen_particulars__answer(made->particulars, &made->reference);
	*book = made;
	return PEN_OK;
err0:
	pen_reference__close(made);
	return status;
}

void pen_reference__close(struct pen_book *book)
{
	if (!book)
		return;
	pen_keytable__free(book->employers);
	pen_persons__close(book->people);
	pen_particulars__close(book->particulars);
	pen_memory__free(book->employer_flags);
	pen_memory__free(book->area);
	pen_memory__free(book);
}

size_t pen_reference__memory(const struct pen_book *book)
{
	return book->people ? pen_persons__memory(book->people) : 0;
}

struct pen_reference *pen_reference__of(struct pen_book *book)
{
	return &book->reference;
}

enum pen_status pen_reference__failure(struct pen_book *book, struct pen_error *error)
{
	if (!book->reference.failed)
		return PEN_OK;
	/* Shaping may have run out of memory by itself. */
	if (book->error.status == PEN_OK && pen_particulars__failure(book->particulars, error))
		return error->status;
	if (book->error.status == PEN_OK)
		return pen_error__memory(error);
	*error = book->error;
	return error->status;
}

/* ----------------------------------------------------------------- twins -- */

static const struct pen_person_facts *twin_person(void *context, const char id18[19], bool claim)
{
	struct pen_twin *twin = context;
	const struct pen_book *book = twin->book;

	(void)claim;
	pen_persons__find(book->people, id18, false, &twin->answer);
	pen_particulars__ended(book->particulars, twin->answer.person, &twin->answer.retired_on, &twin->answer.died_on);
	return twin->answer.person ? &twin->answer : NULL;
}

static void twin_expect(void *context, const char id18[19], bool near)
{
	expect_person(((struct pen_twin *)context)->book, id18, near);
}

static int64_t twin_employer(void *context, const char *credit_code, bool claim)
{
	const struct pen_book *book = ((struct pen_twin *)context)->book;
	int64_t index;

	(void)claim;
	index = pen_keytable__find(book->employers, credit_code);
	if (index < 0 || (size_t)index >= book->flags_room || !book->employer_flags[index])
		return 0;
	return pen_keytable__number(book->employers, (size_t)index);
}

static const char *twin_name(void *context, int64_t person)
{
	(void)person;
	((struct pen_twin *)context)->again = true;
	return NULL;
}

static const char *twin_area(void *context, int64_t employer)
{
	struct pen_twin *twin = context;
	const struct pen_book *book = twin->book;

	if (employer <= 0 || (uint64_t)employer >= book->areas || book->area[employer] <= 0)
		return NULL;
	snprintf(twin->area, sizeof(twin->area), "%06d", (int)book->area[employer]);
	return twin->area;
}

void pen_reference__twin(struct pen_book *book, struct pen_twin *twin)
{
	*twin = (struct pen_twin){ .book = book };
	twin->reference = (struct pen_reference){ .context = twin, .person = twin_person, .employer = twin_employer, .expect = twin_expect,
		.area = twin_area, .name = twin_name, .live_on = book->reference.live_on,
		.known = book->reference.known, .facts = book->reference.facts };
}

void pen_reference__ended(const struct pen_book *book, int64_t person, struct pen_ended *ended)
{
	pen_particulars__ended(book->particulars, person, &ended->retired_on, &ended->died_on);
}

bool pen_reference__employed(const struct pen_book *book, int64_t person, int64_t employer)
{
	return book->people && pen_persons__employed(book->people, person, employer);
}

/* ------------------------------------------------------------- entering -- */

size_t pen_reference__claimed(const struct pen_book *book)
{
	return pen_keytable__count(book->employers) - book->employers_loaded +
	    (book->people ? pen_persons__claimed(book->people) : 0);
}

static enum pen_status enter_employers(struct pen_book *book, int64_t batch, struct pen_error *error)
{
	struct pen_statement *own, *alias;
	enum pen_status status = pen_store__sql(book->store, PEN_SQL_REFERENCE_ENTER_EMPLOYER, &own, error);
	char code[19];
	size_t i;

	if (!status)
		status = pen_store__sql(book->store, PEN_SQL_REFERENCE_ENTER_EMPLOYER_ALIAS, &alias, error);
	for (i = book->employers_loaded; !status && i < pen_keytable__count(book->employers); i++) {
		int64_t number = pen_keytable__number(book->employers, i);

		pen_db__bind_int(own, ":id", number);
		pen_db__bind_int(own, ":batch", batch);
		status = pen_db__run(own, error);
		if (status)
			break;
		pen_db__bind_text(alias, ":value", pen_keytable__key(book->employers, i, code));
		pen_db__bind_int(alias, ":id", number);
		pen_db__bind_int(alias, ":batch", batch);
		status = pen_db__run(alias, error);
	}
	return status;
}

enum pen_status pen_reference__enter(struct pen_book *book, int64_t batch, struct pen_error *error)
{
	enum pen_status status = enter_employers(book, batch, error);

	return status || !book->people ? status : pen_persons__enter(book->people, batch, error);
}
