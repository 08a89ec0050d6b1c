#pragma once

#include <string>

#include "coordinator/telling/hooks.h"
#include "coordinator/telling/news.h"
#include "core/base/clock.h"

namespace oodml::coordinator::telling {

/// The body that a hook gets: of json a document with `version`, `delivery` (the same in every try), `kind`, `time`,
/// `text` and what it is about; of slack one with the text.
std::string body_of(const News& news, Format format, const std::string& delivery, Time time);

/// "t=SECONDS,v1=HEX": HMAC-SHA256 of "SECONDS.BODY" with the secret, so that a receiver can tell who sent it and when.
std::string signature_of(const std::string& secret, Time time, const std::string& body);

}  // namespace oodml::coordinator::telling
