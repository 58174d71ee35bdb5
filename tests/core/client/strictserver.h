// A TLS server as most are made, with OpenSSL: it wants a certificate of the authority in certificates/, and tells by an alert
// what it does not like. QSslServer closes without a word.
#pragma once

#include <QUrl>

#include <thread>

namespace iotman::client {

class StrictServer {
public:
    StrictServer();
    ~StrictServer();

    /// Its certificate is for iot.example and 127.0.0.1.
    QUrl url() const;

private:
    int listener_ = -1;
    std::jthread thread_;
};

} // namespace iotman::client
