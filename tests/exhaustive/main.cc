// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "support/main.h"
