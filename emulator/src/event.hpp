/// Events, as streams and graphs use them.
#pragma once

#include "stream.hpp"

namespace gridstride::emulator {

bool event_exists(cudaEvent_t event);
/// When the event's last recording is reached.
Moment event_moment(cudaEvent_t event);

/// A node that records the event: when it runs, and when a graph with such a node has been launched.
class EventRecord final : public Operation {
 public:
  explicit EventRecord(cudaEvent_t event) : Operation(cudaGraphNodeTypeEventRecord), event_(event) {}
  void run() const override;
  void launched(const Moment& end) const;

 private:
  cudaEvent_t event_;
};

/// A node that waits for the event; the launch of its graph does.
class EventWait final : public Operation {
 public:
  explicit EventWait(cudaEvent_t event) : Operation(cudaGraphNodeTypeWaitEvent), event_(event) {}
  void run() const override {}
  Moment moment() const { return event_moment(event_); }

 private:
  cudaEvent_t event_;
};

}  // namespace gridstride::emulator
