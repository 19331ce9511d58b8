#ifndef MODEL_COMPILE_FAULT_H
#define MODEL_COMPILE_FAULT_H

#include <stdbool.h>

#include "model/compiler.h"

/*
 * Compiles the model's faults into the snapshot, after its networks; false
 * when memory is short.
 */
bool compile_fault_all(struct compiler *compiler);

#endif
