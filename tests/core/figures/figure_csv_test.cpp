#include "core/figures/figure_csv.h"

#include <gtest/gtest.h>

#include "tests/core/figures/sample_figures.h"

namespace oodml::figures {
namespace {

TEST(FigureCsvTest, EachPointIsALineAndHolesStayHoles) {
  const Figure figure{.name = "one", .panels = {curves()}};
  EXPECT_EQ(csv_of(figure),
            "key,panel,series,x,y,low,high,label\n"
            "0.0,Recall `id` $HOME 'quoted' _under^score,\"Margin (D), 'beta'\",19,70,69,71,\n"
            "0.0,Recall `id` $HOME 'quoted' _under^score,\"Margin (D), 'beta'\",50,66,65,67,\n"
            "0.0,Recall `id` $HOME 'quoted' _under^score,\"Margin (D), 'beta'\",100,NaN,,,\n"
            "0.0,Recall `id` $HOME 'quoted' _under^score,\"Margin (D), 'beta'\",174,58,57,59,\n"
            "0.1,Recall `id` $HOME 'quoted' _under^score,S2SD,19,75,,,1\n"
            "0.1,Recall `id` $HOME 'quoted' _under^score,S2SD,50,70,,,2\n"
            "0.1,Recall `id` $HOME 'quoted' _under^score,S2SD,100,66,,,3\n"
            "0.1,Recall `id` $HOME 'quoted' _under^score,S2SD,174,63,,,4\n");
}

TEST(FigureCsvTest, BarsAndCellsHaveTheirNames) {
  const std::string bars_text = csv_of({.name = "bars", .panels = {bars(true)}});
  EXPECT_NE(bars_text.find("0.1,Lying,regularised,2,0.72,,,Multisimilarity\n"), std::string::npos);
  const std::string cells = csv_of({.name = "cells", .panels = {correlations()}});
  EXPECT_NE(cells.find("0.matrix,Pearson,mAP,2,0,-0.25,,R@1\n"), std::string::npos);
  EXPECT_NE(cells.find("0.matrix,Pearson,mAP,2,1,,,NMI\n"), std::string::npos);
}

}  // namespace
}  // namespace oodml::figures
