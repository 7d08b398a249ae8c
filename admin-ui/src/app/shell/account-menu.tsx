import { Avatar, Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconLogout, IconMoon, IconStack2, IconSun } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FormError } from "../../components/form-error.tsx";
import { sessionQueries } from "../../features/session/queries.ts";
import { api } from "../../lib/api.ts";
import classes from "./account-menu.module.css";

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join("");

export function AccountMenu({ compact = false }: { compact?: boolean }) {
  const { data: account } = useQuery(sessionQueries.current());
  const signOut = useMutation({
    mutationFn: () => api("DELETE /api/v1/session"),
    onSuccess: () => location.assign("/sign-in"),
  });
  if (!account) return null;
  const title = `Account of ${account.name}`;
  return (
    <Menu position="top-start" width={248}>
      <Menu.Target>
        <UnstyledButton className={classes.button} title={title} aria-label={compact ? title : undefined}>
          <Avatar size={28} radius="xl" color="harbour" variant="light">
            {initials(account.name)}
          </Avatar>
          {!compact && <span className="truncate">{account.name}</span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{account.name}</strong>
          <span className="dim">{account.email}</span>
        </div>
        <div className={classes.scheme}>
          <SchemeControl />
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/projects" leftSection={<IconStack2 size={16} />}>
          All projects
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          closeMenuOnClick={false}
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Menu.Item>
        <FormError error={signOut.error} />
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeControl() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label="Colour scheme"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as typeof colorScheme)}
      data={[
        { value: "light", label: <SchemeLabel icon={<IconSun size={14} />} word="Light" /> },
        { value: "dark", label: <SchemeLabel icon={<IconMoon size={14} />} word="Dark" /> },
        { value: "auto", label: <SchemeLabel icon={<IconDeviceDesktop size={14} />} word="Auto" /> },
      ]}
    />
  );
}

function SchemeLabel({ icon, word }: { icon: React.ReactNode; word: string }) {
  return (
    <span className={classes.schemeLabel}>
      {icon}
      {word}
    </span>
  );
}
