/* Work on the other core: a thread beside the caller's, and a channel by which
 * the two hand things to each other. Signals stay with the caller's thread. */
#ifndef PEN_BASE_THREAD_H
#define PEN_BASE_THREAD_H

#include "pen.h"

struct pen_thread;
typedef enum pen_status pen_thread_work(void *context, struct pen_error *error);

/* What `context` leads to is the thread's until it was joined. PEN_SYSTEM: no
 * thread to be had. */
enum pen_status pen_thread__start(struct pen_thread **thread, pen_thread_work *work, void *context,
    struct pen_error *error);
/* Waits for the end of it and gives what it came to; NULL is fine, and PEN_OK. */
enum pen_status pen_thread__join(struct pen_thread *thread, struct pen_error *error);

/* Pointers handed over, in order, at most `room` at a time. */
struct pen_channel;
struct pen_channel *pen_thread__channel(size_t room);	/* NULL: no memory */
void pen_thread__free_channel(struct pen_channel *channel);	/* with nobody at it; NULL is fine */
/* Waits for room. False: it was closed, and the thing is still the caller's. */
bool pen_thread__put(struct pen_channel *channel, void *thing);
/* Waits for something. NULL: it was closed, and is empty. */
void *pen_thread__take(struct pen_channel *channel);
/* Something, if there is something at once; else NULL. */
void *pen_thread__look(struct pen_channel *channel);
/* Nothing more is put; what is in can still be taken. Twice is fine. */
void pen_thread__close(struct pen_channel *channel);

#endif
