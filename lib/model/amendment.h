/* Cases of amendment (R4.2.3, R5): their forms and states, the moves between them,
 * and as what somebody makes a move. No state is skipped:
 *
 *   change, rebuild-account: requested - approve (lead) - lead-approved - approve (head) -
 *       head-approved - unseal (syslead) - unsealed - apply (amender) - applied -
 *       check (lead) - checked - close (lead) - closed
 *   objection: requested - approve (lead) - lead-approved - apply (operator) - applied -
 *       check (lead) - checked - close (lead) - closed
 *
 * Beside them: a reviewer returns a case (revised by whoever asked, it is requested
 * again) or rejects it; whoever asked withdraws it before it is opened; one whose
 * unsealing was not made use of expires. */
#ifndef PEN_MODEL_AMENDMENT_H
#define PEN_MODEL_AMENDMENT_H

#include "pen.h"

enum pen_amendment_form {
	PEN_AMENDMENT_CHANGE,		/* 业务数据修改申请表 */
	PEN_AMENDMENT_REBUILD,		/* 补建个人帐户申请表 */
	PEN_AMENDMENT_OBJECTION,	/* R4.2.3(3) */
	PEN_AMENDMENT_FORMS
};

/* NONE is before the request. From CLOSED on they are final. */
enum pen_amendment_state {
	PEN_AMENDMENT_NONE,
	PEN_AMENDMENT_REQUESTED, PEN_AMENDMENT_RETURNED, PEN_AMENDMENT_LEAD_APPROVED, PEN_AMENDMENT_HEAD_APPROVED,
	PEN_AMENDMENT_UNSEALED, PEN_AMENDMENT_APPLIED, PEN_AMENDMENT_CHECKED,
	PEN_AMENDMENT_CLOSED, PEN_AMENDMENT_REJECTED, PEN_AMENDMENT_WITHDRAWN, PEN_AMENDMENT_EXPIRED,
	PEN_AMENDMENT_STATES
};

enum pen_amendment_move {
	PEN_AMENDMENT_REQUEST, PEN_AMENDMENT_OBJECT, PEN_AMENDMENT_REVISE, PEN_AMENDMENT_APPROVE, PEN_AMENDMENT_RETURN,
	PEN_AMENDMENT_REJECT, PEN_AMENDMENT_WITHDRAW, PEN_AMENDMENT_UNSEAL, PEN_AMENDMENT_EXPIRE, PEN_AMENDMENT_APPLY,
	PEN_AMENDMENT_CHECK, PEN_AMENDMENT_CLOSE,
	PEN_AMENDMENT_MOVES
};

/* As what somebody acts in a case: five people. ANYBODY: whoever comes by (expire). */
enum pen_amendment_post {
	PEN_AMENDMENT_ANYBODY, PEN_AMENDMENT_REQUESTER, PEN_AMENDMENT_LEAD, PEN_AMENDMENT_HEAD, PEN_AMENDMENT_SYSLEAD,
	PEN_AMENDMENT_AMENDER
};

/* A move from a state: as what, in which role (NULL: any), to which state. */
struct pen_amendment_turn {
	enum pen_amendment_post post;
	const char *role, *clause;
	enum pen_amendment_state to;
};

/* The words of the store: "rebuild-account", "lead-approved", "approve"; and a form's
 * Chinese title. */
const char *pen_amendment__form_name(enum pen_amendment_form form);
const char *pen_amendment__form_title(enum pen_amendment_form form);
const char *pen_amendment__state_name(enum pen_amendment_state state);
const char *pen_amendment__move_name(enum pen_amendment_move move);
const char *pen_amendment__act(enum pen_amendment_move move);		/* "amend.approve" */
const char *pen_amendment__post_name(enum pen_amendment_post post);	/* "requester", "lead" … */
bool pen_amendment__form_named(const char *name, enum pen_amendment_form *form);
bool pen_amendment__state_named(const char *name, enum pen_amendment_state *state);
bool pen_amendment__move_named(const char *name, enum pen_amendment_move *move);

bool pen_amendment__is_over(enum pen_amendment_state state);
/* True if the case claims its records: nobody else asks for a change of them. */
bool pen_amendment__is_open(enum pen_amendment_state state);

/* False if there is no such move from that state. */
bool pen_amendment__turn(enum pen_amendment_form form, enum pen_amendment_state state, enum pen_amendment_move move,
    struct pen_amendment_turn *turn);
/* The clause of a move, whatever the state. */
const char *pen_amendment__clause(enum pen_amendment_form form, enum pen_amendment_move move);
/* What comes next, for people: "the head's approval (pen-amend approve)". */
const char *pen_amendment__next(enum pen_amendment_form form, enum pen_amendment_state state);
/* PEN_REFUSED amend.state: says where the case stands and what comes next. */
enum pen_status pen_amendment__refuse(enum pen_amendment_form form, enum pen_amendment_state state,
    enum pen_amendment_move move, int64_t id, struct pen_error *error);

/* Whether somebody may act as `post`, by what was done in the case as what: whoever
 * acted as one acts as nothing else, and whoever asked revises and withdraws alone.
 * Of an objection, whoever asked may enter it. PEN_REFUSED amend.people names what
 * they did. */
struct pen_amendment_part { enum pen_amendment_post post; const char *staff; };
enum pen_status pen_amendment__may(enum pen_amendment_form form, enum pen_amendment_move move, enum pen_amendment_post post,
    const char *staff, const struct pen_amendment_part *parts, size_t count, int64_t id, struct pen_error *error);

#endif
