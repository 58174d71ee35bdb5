#pragma once

#include "core/store/store.h"

#include <future>

namespace iotman::store {

template <class T>
Expected<T> await(const std::function<void(Reply<T>)>& request)
{
    auto promise = std::make_shared<std::promise<Expected<T>>>();
    std::future<Expected<T>> answer = promise->get_future();
    request([promise](Expected<T> result) { promise->set_value(std::move(result)); });
    return answer.get();
}

} // namespace iotman::store
