// What glibc has beyond malloc and free; not in the module that Swift comes with.
#include <malloc.h>
