// The same of Qt as it comes, to measure ours beside.
//
//     bench_qtpeer FILE
//
// Serves FILE at /page with QHttpServer, and WebSockets with QWebSocketServer. Says `ready HTTP_PORT WEBSOCKET_PORT`; then sends, for
// each line `N` on stdin, N messages to every WebSocket, one sendTextMessage each.
#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>
#include <QtCore/qsocketnotifier.h>
#include <QtHttpServer/qhttpserver.h>
#include <QtHttpServer/qhttpserverresponse.h>
#include <QtWebSockets/qwebsocket.h>
#include <QtWebSockets/qwebsocketserver.h>

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

int main(int count, char** words)
{
    QCoreApplication application(count, words);
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);

    QFile file(count == 2 ? QString::fromLocal8Bit(words[1]) : QString());
    if (!file.open(QIODevice::ReadOnly)) {
        std::cerr << "expected a file to serve\n";
        return 1;
    }
    const QByteArray page = file.readAll();
    QHttpServer http;
    http.route(QStringLiteral("/page"), [&page] { return QHttpServerResponse(QByteArrayLiteral("application/json"), page); });
    const quint16 httpPort = http.listen(QHostAddress::LocalHost);

    QWebSocketServer sockets(QStringLiteral("peer"), QWebSocketServer::NonSecureMode);
    sockets.setMaxPendingConnections(10'000);
    sockets.listen(QHostAddress::LocalHost);
    QList<QWebSocket*> readers;
    QObject::connect(&sockets, &QWebSocketServer::newConnection, &sockets, [&] {
        while (QWebSocket* reader = sockets.nextPendingConnection())
            readers.append(reader);
    });
    const QString message = QStringLiteral("{\"ts\":1700000000.123,\"device\":\"th-1\",\"temp_c\":21.5,\"humidity\":40.1,\"n\":1}");
    QSocketNotifier commands(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&commands, &QSocketNotifier::activated, &application, [&] {
        std::string line;
        if (!std::getline(std::cin, line)) {
            QCoreApplication::quit();
            return;
        }
        for (int i = 0; i < std::stoi(line); ++i) {
            for (QWebSocket* reader : std::as_const(readers))
                reader->sendTextMessage(message);
        }
    });
    std::cout << "ready " << httpPort << ' ' << sockets.serverPort() << std::endl;
    return QCoreApplication::exec();
}
