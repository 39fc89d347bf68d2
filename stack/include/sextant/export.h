// SPDX-License-Identifier: BSD-3-Clause
// SX_PUBLIC: marks what libsextant shows to programs.
#ifndef SEXTANT_EXPORT_H_
#define SEXTANT_EXPORT_H_

#define SX_PUBLIC __attribute__((visibility("default")))

#endif  // SEXTANT_EXPORT_H_
