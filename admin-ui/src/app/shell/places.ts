import {
  IconBraces,
  IconFlag,
  IconHistory,
  IconKey,
  IconServer2,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";

/** The places of a project, in the order of the navigation. */
export const PLACES = [
  { to: "/projects/$project/flags", label: "Flags", icon: IconFlag, group: "work" },
  { to: "/projects/$project/segments", label: "Segments", icon: IconUsersGroup, group: "work" },
  { to: "/projects/$project/activity", label: "Activity", icon: IconHistory, group: "work" },
  { to: "/projects/$project/environments", label: "Environments", icon: IconServer2, group: "project" },
  { to: "/projects/$project/keys", label: "Keys", icon: IconKey, group: "project" },
  { to: "/projects/$project/attributes", label: "Attributes", icon: IconBraces, group: "project" },
  { to: "/projects/$project/members", label: "Members", icon: IconUsers, group: "project" },
] as const;
