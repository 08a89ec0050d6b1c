#include "core/scripts/failure_text.h"

#include <gtest/gtest.h>

namespace oodml::scripts {
namespace {

constexpr const char* kOfPython = R"(The following operation failed in the TorchScript interpreter.
Traceback of TorchScript, serialized code (most recent call last):
  File "code/__torch__/net.py", line 8, in forward
    x: Tensor) -> Tensor:
    return torch.matmul(x, self.w)
           ~~~~~~~~~~~~ <--- HERE

Traceback of TorchScript, original code (most recent call last):
  File "/home/me/net.py", line 40, in forward
    def forward(self, x):
        return self.inner(x)
               ~~~~~~~~~~ <--- HERE
  File "/home/me/inner.py", line 12, in forward
        return x @ self.w
               ~~~~~~~~~~ <--- HERE
RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)
Exception raised from meta at ../aten/src/ATen/native/LinearAlgebra.cpp:201 (most recent call first):
frame #0: c10::Error::Error
)";

TEST(FailureTextTest, HasTheMessageAndTheAuthorsLinesInnermostFirst) {
  EXPECT_EQ(failure_text(kOfPython),
            "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5), at inner.py:12 in forward: return x @ self.w; "
            "from net.py:40 in forward: return self.inner(x)");
}

TEST(FailureTextTest, WithoutATracebackItIsTheTextBeforeLibTorchsFrames) {
  EXPECT_EQ(failure_text("no archive\nfor that\nframe #0: c10::Error\nframe #1: main"), "no archive for that");
  EXPECT_EQ(failure_text(""), "");
}

TEST(FailureTextTest, ATracebackThatIsCutStillGivesWhatIsThere) {
  for (std::size_t bytes = 0; bytes < std::string_view(kOfPython).size(); bytes += 7) {
    EXPECT_LT(failure_text(std::string_view(kOfPython).substr(0, bytes)).size(), 1200U);
  }
}

}  // namespace
}  // namespace oodml::scripts
