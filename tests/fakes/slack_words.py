"""Slack's words for a refusal, as its documentation lists them for `chat.postMessage`, `chat.update`,
`conversations.open` and every method, and ten that nobody has seen yet."""

from __future__ import annotations

OF_A_PLACE = """
channel_not_found is_archived channel_is_archived not_in_channel restricted_action
restricted_action_non_threadable_channel restricted_action_read_only_channel restricted_action_thread_locked
restricted_action_thread_only_channel messages_tab_disabled team_access_not_granted ekm_access_denied
cannot_reply_to_message thread_not_found slack_connect_canvas_sharing_blocked
slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked slack_connect_clip_sharing_blocked
duplicate_channel_not_found duplicate_message_not_found posting_to_channel_denied
""".split()
OF_A_PERSON = """
user_not_found user_not_visible user_disabled users_list_not_supplied invalid_user_combination is_inactive
cannot_dm_bot users_not_found
""".split()
OF_A_MESSAGE = """
msg_too_long msg_blocks_too_long no_text invalid_blocks invalid_blocks_format invalid_attachments
too_many_attachments too_many_contact_cards attachment_payload_limit_exceeded invalid_metadata_format
invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app as_user_not_supported
message_not_found cant_update_message edit_window_closed cant_broadcast_message update_failed is_bot
markdown_text_conflict file_not_found external_channel_migrating message_limit_exceeded
""".split()
OF_ANY_CALL = """
access_denied accesslimited account_inactive deprecated_endpoint enterprise_is_restricted invalid_arg_name
invalid_arguments invalid_array_arg invalid_auth invalid_charset invalid_form_data invalid_post_type
method_deprecated missing_post_type missing_scope no_permission not_allowed_token_type not_authed
org_login_required team_not_found token_expired token_revoked two_factor_setup_required unknown_method
app_missing_action_url method_not_supported_for_channel_type
""".split()
INVENTED = """
channel_is_asleep ward_not_recognised posting_paused_by_policy quota_of_quotas_reached temporarily_unavailable
try_again_later please_wait internal_policy_error retry timeout_by_administrator
""".split()
FOR_GOOD = (*OF_A_PLACE, *OF_A_PERSON, *OF_A_MESSAGE, *OF_ANY_CALL, *INVENTED)

LIMITS = ("ratelimited", "rate_limited")
OF_SLACK_ITSELF = "internal_error fatal_error service_unavailable request_timeout team_added_to_org".split()
