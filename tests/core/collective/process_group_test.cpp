#include "core/collective/process_group.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "tests/core/collective/in_ranks.h"
#include "tests/support/temporary_folder.h"

namespace oodml::collective {
namespace {

using std::chrono::milliseconds;
using Group = std::shared_ptr<Collective>;

TEST(ProcessGroupTest, TheSumIsTheSameBitsOnEveryRank) {
  std::vector<torch::Tensor> sums(3);
  in_ranks(3, [&](const Group& group) {
    auto mine = torch::arange(1001, torch::kFloat32).sin() * static_cast<float>(group->rank() + 1);
    group->add_up(mine);
    sums[static_cast<std::size_t>(group->rank())] = mine;
  });
  EXPECT_TRUE(torch::allclose(sums[0], torch::arange(1001, torch::kFloat32).sin() * 6, 1e-6, 1e-6));
  EXPECT_TRUE(torch::equal(sums[0], sums[1]));
  EXPECT_TRUE(torch::equal(sums[0], sums[2]));
}

TEST(ProcessGroupTest, RowsComeInTheOrderOfTheRanks) {
  in_ranks(3, [](const Group& group) {
    const auto all = group->gather(torch::full({2, 2}, group->rank(), torch::kInt64));
    EXPECT_TRUE(torch::equal(all.select(1, 0), torch::tensor({0, 0, 1, 1, 2, 2}, torch::kInt64)));
    EXPECT_EQ(all.sizes(), torch::IntArrayRef({6, 2}));
  });
}

TEST(ProcessGroupTest, RowsThatAreNotContiguousAreGatheredAsTheyRead) {
  in_ranks(2, [](const Group& group) {
    const auto mine = torch::tensor({{1, 2}, {3, 4}}, torch::kFloat32).t() + group->rank() * 10;
    EXPECT_TRUE(
        torch::equal(group->gather(mine), torch::tensor({{1, 3}, {2, 4}, {11, 13}, {12, 14}}, torch::kFloat32)));
  });
}

TEST(ProcessGroupTest, ABroadcastGivesTheSourcesTensor) {
  in_ranks(2, [](const Group& group) {
    auto value = torch::tensor({static_cast<double>(group->rank())});
    group->broadcast(value, 1);
    EXPECT_EQ(value.item<double>(), 1.0);
  });
}

TEST(ProcessGroupTest, APeerThatLeavesIsNoticed) {
  in_ranks(2, [](const Group& group) {
    auto value = torch::ones({4});
    group->add_up(value);
    if (group->rank() == 1) return;
    EXPECT_THROW(group->add_up(value), PeerLost);
  });
}

TEST(ProcessGroupTest, APeerThatIsSilentIsNotWaitedForLongerThanThePatience) {
  in_ranks(
      2,
      [silent = std::make_shared<std::promise<void>>()](const Group& group) {
        auto value = torch::ones({4});
        if (group->rank() == 1) return silent->get_future().wait();
        EXPECT_THROW(group->add_up(value), PeerLost);
        silent->set_value();
      },
      milliseconds(300));
}

TEST(ProcessGroupTest, AGroupThatNeverMeetsIsAnError) {
  const testing::TemporaryFolder folder;
  const auto joined = join({0, 2, folder / "meeting", milliseconds(300)}, torch::kCPU);
  ASSERT_FALSE(joined.has_value());
  EXPECT_EQ(joined.error().code(), StatusCode::kUnavailable);
  EXPECT_NE(joined.error().message().find("meet the other replicas"), std::string::npos);
}

TEST(ProcessGroupTest, AGroupOfOneNeedsNobody) {
  const auto joined = join({0, 1, "nowhere", milliseconds(1)}, torch::kCPU);
  ASSERT_TRUE(joined.has_value());
  EXPECT_TRUE((*joined)->alone());
  const auto rows = torch::ones({2, 3});
  EXPECT_TRUE((*joined)->gather(rows).is_same(rows));
}

/// A loss over all pairs of rows x w: nothing in it is a sum over rows.
torch::Tensor loss_of(const torch::Tensor& rows) { return torch::mm(rows, rows.t()).cosh().mean().log(); }

TEST(GatherAttachedTest, TheRanksGradientsAddUpToThatOfOneProcess) {
  const auto inputs = torch::linspace(-1, 1, 24, torch::kFloat64).view({6, 4});
  const auto start = torch::linspace(0.1, 0.7, 12, torch::kFloat64).view({4, 3});
  auto alone = start.clone().requires_grad_();
  loss_of(torch::mm(inputs, alone)).backward();

  in_ranks(3, [&](const Group& group) {
    auto weight = start.clone().requires_grad_();
    const auto mine = torch::mm(inputs.narrow(0, 2 * group->rank(), 2), weight);
    loss_of(gather_attached(*group, mine)).backward();
    auto gradient = weight.grad().clone();
    EXPECT_FALSE(torch::allclose(gradient, alone.grad()));
    group->add_up(gradient);
    EXPECT_TRUE(torch::allclose(gradient, alone.grad(), 1e-12, 1e-12));
  });
}

TEST(GatherAttachedTest, RowsWithoutAGraphStayWithoutOne) {
  in_ranks(2, [](const Group& group) { EXPECT_FALSE(gather_attached(*group, torch::ones({1, 2})).requires_grad()); });
}

}  // namespace
}  // namespace oodml::collective
