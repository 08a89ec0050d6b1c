#pragma once

#include <map>
#include <string>

#include "coordinator/rpc/tokens.h"

namespace oodml::coordinator::rpc {

/// Who may call what. A method that is not here is an error.
inline const std::map<std::string, std::map<std::string, Role>> kRoles = {
    {"SweepService",
     {{"Plan", Role::kViewer},
      {"Submit", Role::kSubmitter},
      {"List", Role::kViewer},
      {"Get", Role::kViewer},
      {"GetTrial", Role::kViewer},
      {"Cancel", Role::kSubmitter},
      {"Pause", Role::kSubmitter},
      {"Resume", Role::kSubmitter},
      {"Retry", Role::kSubmitter},
      {"QueryResults", Role::kViewer},
      {"ReadMetrics", Role::kViewer},
      {"ReadCourses", Role::kViewer},
      {"WatchEvents", Role::kViewer},
      {"ListWorkers", Role::kViewer},
      {"GetVersion", Role::kViewer}}},
    {"SharingService",
     {{"WhoAmI", Role::kViewer},
      {"SetPriority", Role::kSubmitter},
      {"SetLimits", Role::kSubmitter},
      {"ExplainOrder", Role::kViewer},
      {"ListShares", Role::kViewer},
      {"SetShare", Role::kOperator},
      {"MarkWorker", Role::kOperator},
      {"ListBacklog", Role::kViewer}}},
    {"UpkeepService",
     {{"ReadSnapshot", Role::kOperator},
      {"GetStats", Role::kViewer},
      {"Archive", Role::kSubmitter},
      {"Unarchive", Role::kSubmitter},
      {"Delete", Role::kSubmitter}}},
    {"WorkerService",
     {{"Register", Role::kWorker},
      {"Acquire", Role::kWorker},
      {"Heartbeat", Role::kWorker},
      {"Leave", Role::kWorker},
      {"PushEvents", Role::kWorker},
      {"CommitCheckpoint", Role::kWorker},
      {"Finish", Role::kWorker}}},
    {"ArtifactService",
     {{"ListArtifacts", Role::kViewer},
      {"ReadArtifact", Role::kViewer},
      {"ReadContent", Role::kOperator},
      {"ReadOutput", Role::kViewer},
      {"OfferScript", Role::kSubmitter},
      {"PutScript", Role::kSubmitter}}},
    {"UploadService",
     {{"OfferContent", Role::kWorker},
      {"PutChunk", Role::kWorker},
      {"PublishFiles", Role::kWorker},
      {"AppendOutput", Role::kWorker},
      {"TakeChunk", Role::kWorker}}},
};

}  // namespace oodml::coordinator::rpc
