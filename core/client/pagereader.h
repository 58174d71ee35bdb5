// Reads single pages of an endpoint: the raw exchange for people, the parsed page for programs.
#pragma once

#include "core/client/authorized.h"
#include "core/client/page.h"

namespace iotman::client {

struct PageAnswer {
    QUrl url;            ///< that was asked for; never has a token in it
    HttpAnswer raw;      ///< status, headers, bytes, time taken, whatever the status
    Expected<Page> page; ///< an error where the status is no success or the body is no page
};

class PageReader : public QObject {
public:
    /// `network` and `tokens` must outlive the reader. Without `tokens` it reads as the public does.
    PageReader(Network& network, TokenSource* tokens, EndpointAddress address, QObject* parent = nullptr);

    /// Errors: as Network::send and the sign-in's. What the server answered is in the PageAnswer. At most 64 MiB.
    Call read(const PageLink& link, QObject* context, Reply<PageAnswer> reply);
    Call read(const PageQuery& query, QObject* context, Reply<PageAnswer> reply);

    const EndpointAddress& address() const { return address_; }

private:
    EndpointAddress address_;
    Authorized http_;
};

} // namespace iotman::client
