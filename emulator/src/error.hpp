/// Error state: each host thread's last error, the device's sticky one, and lines that explain errors.
#pragma once

#include <string>
#include <vector>

#include "gridstride/emulator/error_codes.hpp"

namespace gridstride::emulator {

/// Records `error` as this host thread's last one and returns it.
cudaError_t fail(cudaError_t error);
/// The same, with a line on stderr that says why; equal lines appear once. In a run that is checked, the
/// lines of the call and of `history` follow.
cudaError_t fail(cudaError_t error, const std::string& why, const std::string& history = {});

/// A launch has failed, which a program learns only if it asks. `launch` is the report's line on it.
void note_failed_launch(cudaError_t error, const std::string& launch);
/// Reports on launches for whose errors nobody has asked, in a run that is checked.
std::vector<std::string> unread_errors();

/// The error that a kernel left the device with, which every later call returns; else cudaSuccess.
cudaError_t device_error();
/// The same as the outcome of a call: recorded as this host thread's last error, too.
cudaError_t outcome();
/// `launch` is the report's line on the kernel that left it.
void set_device_error(cudaError_t error, const std::string& launch);
void clear_errors();

/// Whether anything was reported, or said of a call that failed.
bool has_told();
/// Puts a report on stderr and keeps it for reports().
void publish_report(const std::string& text);
/// The same, if there was no report with this key.
void publish_once(const std::string& key, const std::string& text);

}  // namespace gridstride::emulator
