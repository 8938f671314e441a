/// Stream capture: what a stream is given becomes nodes of a graph.
#pragma once

#include <memory>
#include <vector>

#include "graph.hpp"
#include "stream.hpp"

namespace gridstride::emulator {

struct Capture;

/// A place in a capture: the nodes that whatever comes next waits for.
struct CapturePoint {
  std::shared_ptr<Capture> capture;
  std::vector<Node*> after;
};

bool is_capturing(const std::shared_ptr<Stream>& stream);
/// The stream's place in its capture; without a capture when it is not capturing.
CapturePoint capture_point(const std::shared_ptr<Stream>& stream);
/// The stream waits for an event that was recorded there, and so joins that capture.
cudaError_t join_capture(const std::shared_ptr<Stream>& stream, const CapturePoint& point);
/// Ends the stream's part in a capture, for it is being destroyed.
void leave_capture(const std::shared_ptr<Stream>& stream);

/// For calls that wait for the stream, which nothing can do while it is captured: the capture is lost.
cudaError_t refuse_waiting(const std::shared_ptr<Stream>& stream);
/// For work that cannot become a node, on a stream that is not capturing itself.
cudaError_t refuse_implicit(const std::shared_ptr<Stream>& stream);
/// For calls that CUDA names potentially unsafe during captures of this thread, or global ones of others.
cudaError_t refuse_unsafe_call();

}  // namespace gridstride::emulator
