#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "framework/io/file_handle.hpp"

namespace gridstride::tests {

/// An HTTP server on this machine that answers each request as `answer` says, one connection at a time.
class FileServer {
 public:
  struct Request {
    std::string path;
    uint64_t from = 0;  ///< of a Range header
  };
  /// The whole answer, header and body: what is missing from it is cut off.
  using Answer = std::function<std::string(const Request&)>;

  explicit FileServer(Answer answer)
      : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
      throw std::runtime_error("no server on this machine");
    }
    port_ = ntohs(address.sin_port);
    ::setenv("no_proxy", "127.0.0.1", 1);
    worker_ = std::thread([this] { serve(); });
  }
  ~FileServer() {
    stopping_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    worker_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  std::vector<Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// An honest answer: `body` from the byte that was asked for.
  static std::string give(const Request& request, const std::string& body) {
    const std::string part = body.substr(std::min<size_t>(request.from, body.size()));
    const std::string range = "Content-Range: bytes " + std::to_string(request.from) + "-" +
                              std::to_string(body.size() - 1) + "/" + std::to_string(body.size()) + "\r\n";
    return (request.from ? "HTTP/1.1 206 Partial Content\r\n" + range : std::string("HTTP/1.1 200 OK\r\n")) +
           "Content-Length: " + std::to_string(part.size()) + "\r\nConnection: close\r\n\r\n" + part;
  }

 private:
  void serve() {
    while (!stopping_) {
      const io::FileHandle peer(::accept(listener_.get(), nullptr, nullptr));
      if (!peer) continue;
      std::string text(8192, '\0');
      size_t got = 0;
      while (text.find("\r\n\r\n") == std::string::npos) {
        const ssize_t more = ::recv(peer.get(), text.data() + got, text.size() - got, 0);
        if (more <= 0) break;
        got += static_cast<size_t>(more);
      }
      Request request;
      request.path = text.substr(4, text.find(' ', 4) - 4);
      if (const size_t at = text.find("Range: bytes="); at != std::string::npos) {
        request.from = std::stoull(text.substr(at + 13));
      }
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const std::string bytes = answer_(request);
      ::send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      ::shutdown(peer.get(), SHUT_WR);
      while (::recv(peer.get(), text.data(), text.size(), 0) > 0) {}
    }
  }

  Answer answer_;
  io::FileHandle listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  std::atomic<bool> stopping_ = false;
  std::thread worker_;
};

}  // namespace gridstride::tests
