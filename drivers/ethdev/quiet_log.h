// SPDX-License-Identifier: BSD-3-Clause
// QuietLog: keeps DPDK from logging while a question is asked whose answer may
// be no. Who has asked for more than errors (--log-level) sees it all.
// Any thread.
#pragma once

#include <rte_log.h>

namespace sextant {

class QuietLog {
 public:
  QuietLog() : level_(rte_log_get_global_level()) {
    if (rte_log_get_level(RTE_LOGTYPE_EAL) <= static_cast<int>(RTE_LOG_ERR)) {
      rte_log_set_global_level(RTE_LOG_EMERG);
    }
  }
  ~QuietLog() { rte_log_set_global_level(level_); }
  QuietLog(const QuietLog&) = delete;
  QuietLog& operator=(const QuietLog&) = delete;

 private:
  const uint32_t level_;
};

}  // namespace sextant
