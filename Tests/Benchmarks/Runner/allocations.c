// Counts the allocations of a process: preloaded, and told by SIGUSR2 to say how many so far.
//
// On standard error, a line of its own: "allocations N".

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_ulong count;

// glibc's own names of its functions, to which the counted ones go on.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void add(void) { atomic_fetch_add_explicit(&count, 1, memory_order_relaxed); }

void *malloc(size_t size) {
  add();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  add();
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  add();
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  add();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  add();
  void *memory = __libc_memalign(alignment, size);
  if (memory == NULL) return ENOMEM;
  *result = memory;
  return 0;
}

// A signal handler may not print by stdio.
static void say(int signal) {
  (void)signal;
  char line[40] = "allocations ", digits[24];
  unsigned long left = atomic_load(&count);
  size_t length = 12, number = 0;
  do {
    digits[number++] = (char)('0' + left % 10);
    left /= 10;
  } while (left > 0);
  while (number > 0) line[length++] = digits[--number];
  line[length++] = '\n';
  if (write(STDERR_FILENO, line, length) < 0) return;
}

__attribute__((constructor)) static void begin(void) { signal(SIGUSR2, say); }
