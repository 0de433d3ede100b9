export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

export type Database = {
  // Allows to automatically instantiate createClient with right options
  // instead of createClient<Database, { PostgrestVersion: 'XX' }>(URL, KEY)
  __InternalSupabase: {
    PostgrestVersion: "14"
  }
  public: {
    Tables: {
      audit_log: {
        Row: {
          action: string
          actor: string | null
          address: string | null
          after: Json | null
          at: string
          before: Json | null
          client_id: string | null
          database_role: string
          details: Json | null
          erased_at: string | null
          id: number
          login_role: string
          reason: string | null
          request_id: string | null
          row_hash: string
          row_id: string | null
          salt: string | null
          session_id: string | null
          table_name: string | null
          table_schema: string | null
          token_id: string | null
          transaction_id: unknown
          user_id: string | null
        }
        Insert: {
          action: string
          actor?: string | null
          address?: string | null
          after?: Json | null
          at?: string
          before?: Json | null
          client_id?: string | null
          database_role: string
          details?: Json | null
          erased_at?: string | null
          id?: never
          login_role: string
          reason?: string | null
          request_id?: string | null
          row_hash: string
          row_id?: string | null
          salt?: string | null
          session_id?: string | null
          table_name?: string | null
          table_schema?: string | null
          token_id?: string | null
          transaction_id: unknown
          user_id?: string | null
        }
        Update: {
          action?: string
          actor?: string | null
          address?: string | null
          after?: Json | null
          at?: string
          before?: Json | null
          client_id?: string | null
          database_role?: string
          details?: Json | null
          erased_at?: string | null
          id?: never
          login_role?: string
          reason?: string | null
          request_id?: string | null
          row_hash?: string
          row_id?: string | null
          salt?: string | null
          session_id?: string | null
          table_name?: string | null
          table_schema?: string | null
          token_id?: string | null
          transaction_id?: unknown
          user_id?: string | null
        }
        Relationships: []
      }
      client_analytics: {
        Row: {
          analytics_date: string
          analytics_hour: number | null
          analytics_period: "daily" | "hourly" | "weekly" | "monthly"
          avg_load_time: number | null
          avg_session_duration: number | null
          bounce_rate: number | null
          client_id: string
          conversion_rate: number | null
          conversions: number | null
          core_web_vitals: Json | null
          created_at: string
          currency: string | null
          deployment_id: string | null
          engagement_metrics: Json | null
          error_rate: number | null
          id: string
          page_views: number | null
          revenue: number | null
          sessions: number | null
          unique_visitors: number | null
          updated_at: string
          user_behavior: Json | null
        }
        Insert: {
          analytics_date: string
          analytics_hour?: number | null
          analytics_period?: "daily" | "hourly" | "weekly" | "monthly"
          avg_load_time?: number | null
          avg_session_duration?: number | null
          bounce_rate?: number | null
          client_id: string
          conversion_rate?: number | null
          conversions?: number | null
          core_web_vitals?: Json | null
          created_at?: string
          currency?: string | null
          deployment_id?: string | null
          engagement_metrics?: Json | null
          error_rate?: number | null
          id?: string
          page_views?: number | null
          revenue?: number | null
          sessions?: number | null
          unique_visitors?: number | null
          updated_at?: string
          user_behavior?: Json | null
        }
        Update: {
          analytics_date?: string
          analytics_hour?: number | null
          analytics_period?: "daily" | "hourly" | "weekly" | "monthly"
          avg_load_time?: number | null
          avg_session_duration?: number | null
          bounce_rate?: number | null
          client_id?: string
          conversion_rate?: number | null
          conversions?: number | null
          core_web_vitals?: Json | null
          created_at?: string
          currency?: string | null
          deployment_id?: string | null
          engagement_metrics?: Json | null
          error_rate?: number | null
          id?: string
          page_views?: number | null
          revenue?: number | null
          sessions?: number | null
          unique_visitors?: number | null
          updated_at?: string
          user_behavior?: Json | null
        }
        Relationships: [
          {
            foreignKeyName: "client_analytics_client_id_deployment_id_fkey"
            columns: ["client_id", "deployment_id"]
            isOneToOne: false
            referencedRelation: "client_deployments"
            referencedColumns: ["client_id", "id"]
          },
          {
            foreignKeyName: "client_analytics_client_id_deployment_id_fkey"
            columns: ["client_id", "deployment_id"]
            isOneToOne: false
            referencedRelation: "deployment_status_summary"
            referencedColumns: ["client_id", "id"]
          },
          {
            foreignKeyName: "client_analytics_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "client_analytics_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "client_analytics_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
        ]
      }
      client_billing_info: {
        Row: {
          account_balance: number
          billing_address: Json | null
          billing_email: string | null
          billing_frequency: "monthly" | "yearly" | "one-time"
          client_id: string
          created_at: string
          created_by: string | null
          credit_balance: number
          currency: string
          current_usage: Json | null
          dunning_status: "none" | "soft" | "hard" | "final"
          id: string
          invoice_amount: number
          last_invoice_date: string | null
          last_payment_attempt: string | null
          next_invoice_date: string | null
          overage_charges: number
          payment_method_id: string | null
          payment_provider: string | null
          payment_retry_count: number
          payment_status: "pending" | "valid" | "failed" | "expired"
          subscription_end_date: string | null
          subscription_start_date: string | null
          subscription_status: "trial" | "active" | "suspended" | "cancelled"
          subscription_tier: "basic" | "standard" | "premium" | "enterprise"
          tax_id: string | null
          trial_end_date: string | null
          updated_at: string
          updated_by: string | null
          usage_limits: Json | null
          vat_number: string | null
        }
        Insert: {
          account_balance?: number
          billing_address?: Json | null
          billing_email?: string | null
          billing_frequency?: "monthly" | "yearly" | "one-time"
          client_id: string
          created_at?: string
          created_by?: string | null
          credit_balance?: number
          currency?: string
          current_usage?: Json | null
          dunning_status?: "none" | "soft" | "hard" | "final"
          id?: string
          invoice_amount?: number
          last_invoice_date?: string | null
          last_payment_attempt?: string | null
          next_invoice_date?: string | null
          overage_charges?: number
          payment_method_id?: string | null
          payment_provider?: string | null
          payment_retry_count?: number
          payment_status?: "pending" | "valid" | "failed" | "expired"
          subscription_end_date?: string | null
          subscription_start_date?: string | null
          subscription_status?: "trial" | "active" | "suspended" | "cancelled"
          subscription_tier?: "basic" | "standard" | "premium" | "enterprise"
          tax_id?: string | null
          trial_end_date?: string | null
          updated_at?: string
          updated_by?: string | null
          usage_limits?: Json | null
          vat_number?: string | null
        }
        Update: {
          account_balance?: number
          billing_address?: Json | null
          billing_email?: string | null
          billing_frequency?: "monthly" | "yearly" | "one-time"
          client_id?: string
          created_at?: string
          created_by?: string | null
          credit_balance?: number
          currency?: string
          current_usage?: Json | null
          dunning_status?: "none" | "soft" | "hard" | "final"
          id?: string
          invoice_amount?: number
          last_invoice_date?: string | null
          last_payment_attempt?: string | null
          next_invoice_date?: string | null
          overage_charges?: number
          payment_method_id?: string | null
          payment_provider?: string | null
          payment_retry_count?: number
          payment_status?: "pending" | "valid" | "failed" | "expired"
          subscription_end_date?: string | null
          subscription_start_date?: string | null
          subscription_status?: "trial" | "active" | "suspended" | "cancelled"
          subscription_tier?: "basic" | "standard" | "premium" | "enterprise"
          tax_id?: string | null
          trial_end_date?: string | null
          updated_at?: string
          updated_by?: string | null
          usage_limits?: Json | null
          vat_number?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "client_billing_info_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: true
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "client_billing_info_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: true
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "client_billing_info_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: true
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
        ]
      }
      client_customizations: {
        Row: {
          ai_customization_metadata: Json | null
          ai_customization_prompts: string[] | null
          ai_generated_customizations: Json | null
          approved_at: string | null
          approved_by: string | null
          branding_config: Json | null
          client_id: string
          component_overrides: Json | null
          content_overrides: Json | null
          copy_customizations: Json | null
          created_at: string
          created_by: string | null
          css_customizations: string | null
          customization_config: NonNullable<Json>
          feature_config: Json | null
          id: string
          image_assets: Json | null
          integration_config: Json | null
          is_active: boolean | null
          layout_config: Json | null
          status: "draft" | "in_review" | "approved" | "deployed"
          template_id: string
          template_version: string | null
          theme_config: Json | null
          updated_at: string
          updated_by: string | null
          version: number | null
        }
        Insert: {
          ai_customization_metadata?: Json | null
          ai_customization_prompts?: string[] | null
          ai_generated_customizations?: Json | null
          approved_at?: string | null
          approved_by?: string | null
          branding_config?: Json | null
          client_id: string
          component_overrides?: Json | null
          content_overrides?: Json | null
          copy_customizations?: Json | null
          created_at?: string
          created_by?: string | null
          css_customizations?: string | null
          customization_config?: NonNullable<Json>
          feature_config?: Json | null
          id?: string
          image_assets?: Json | null
          integration_config?: Json | null
          is_active?: boolean | null
          layout_config?: Json | null
          status?: "draft" | "in_review" | "approved" | "deployed"
          template_id: string
          template_version?: string | null
          theme_config?: Json | null
          updated_at?: string
          updated_by?: string | null
          version?: number | null
        }
        Update: {
          ai_customization_metadata?: Json | null
          ai_customization_prompts?: string[] | null
          ai_generated_customizations?: Json | null
          approved_at?: string | null
          approved_by?: string | null
          branding_config?: Json | null
          client_id?: string
          component_overrides?: Json | null
          content_overrides?: Json | null
          copy_customizations?: Json | null
          created_at?: string
          created_by?: string | null
          css_customizations?: string | null
          customization_config?: NonNullable<Json>
          feature_config?: Json | null
          id?: string
          image_assets?: Json | null
          integration_config?: Json | null
          is_active?: boolean | null
          layout_config?: Json | null
          status?: "draft" | "in_review" | "approved" | "deployed"
          template_id?: string
          template_version?: string | null
          theme_config?: Json | null
          updated_at?: string
          updated_by?: string | null
          version?: number | null
        }
        Relationships: [
          {
            foreignKeyName: "client_customizations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "client_customizations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "client_customizations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "client_customizations_template_id_template_version_fkey"
            columns: ["template_id", "template_version"]
            isOneToOne: false
            referencedRelation: "template_configurations"
            referencedColumns: ["template_id", "template_version"]
          },
          {
            foreignKeyName: "client_customizations_template_id_template_version_fkey"
            columns: ["template_id", "template_version"]
            isOneToOne: false
            referencedRelation: "template_usage_summary"
            referencedColumns: ["template_id", "template_version"]
          },
        ]
      }
      client_deployments: {
        Row: {
          build_artifacts: Json | null
          build_id: string | null
          build_logs: string | null
          cdn_enabled: boolean | null
          client_id: string
          commit_hash: string | null
          created_at: string
          created_by: string | null
          custom_domain: string | null
          customization_id: string
          deployed_at: string | null
          deployed_by: string | null
          deployment_name: string
          deployment_template_id: string | null
          deployment_type: "production" | "development" | "staging"
          deployment_url: string | null
          environment_config: Json | null
          environment_variables: Json | null
          feature_flags: Json | null
          health_status: "unknown" | "healthy" | "warning" | "critical"
          hosting_provider: string | null
          id: string
          last_health_check: string | null
          performance_metrics: Json | null
          region: string | null
          response_time_avg: number | null
          ssl_enabled: boolean | null
          status:
            | "pending"
            | "building"
            | "deploying"
            | "deployed"
            | "failed"
            | "maintenance"
            | "cancelled"
            | "superseded"
            | "rolled_back"
          updated_at: string
          updated_by: string | null
          uptime_percentage: number | null
        }
        Insert: {
          build_artifacts?: Json | null
          build_id?: string | null
          build_logs?: string | null
          cdn_enabled?: boolean | null
          client_id: string
          commit_hash?: string | null
          created_at?: string
          created_by?: string | null
          custom_domain?: string | null
          customization_id: string
          deployed_at?: string | null
          deployed_by?: string | null
          deployment_name: string
          deployment_template_id?: string | null
          deployment_type?: "production" | "development" | "staging"
          deployment_url?: string | null
          environment_config?: Json | null
          environment_variables?: Json | null
          feature_flags?: Json | null
          health_status?: "unknown" | "healthy" | "warning" | "critical"
          hosting_provider?: string | null
          id?: string
          last_health_check?: string | null
          performance_metrics?: Json | null
          region?: string | null
          response_time_avg?: number | null
          ssl_enabled?: boolean | null
          status?:
            | "pending"
            | "building"
            | "deploying"
            | "deployed"
            | "failed"
            | "maintenance"
            | "cancelled"
            | "superseded"
            | "rolled_back"
          updated_at?: string
          updated_by?: string | null
          uptime_percentage?: number | null
        }
        Update: {
          build_artifacts?: Json | null
          build_id?: string | null
          build_logs?: string | null
          cdn_enabled?: boolean | null
          client_id?: string
          commit_hash?: string | null
          created_at?: string
          created_by?: string | null
          custom_domain?: string | null
          customization_id?: string
          deployed_at?: string | null
          deployed_by?: string | null
          deployment_name?: string
          deployment_template_id?: string | null
          deployment_type?: "production" | "development" | "staging"
          deployment_url?: string | null
          environment_config?: Json | null
          environment_variables?: Json | null
          feature_flags?: Json | null
          health_status?: "unknown" | "healthy" | "warning" | "critical"
          hosting_provider?: string | null
          id?: string
          last_health_check?: string | null
          performance_metrics?: Json | null
          region?: string | null
          response_time_avg?: number | null
          ssl_enabled?: boolean | null
          status?:
            | "pending"
            | "building"
            | "deploying"
            | "deployed"
            | "failed"
            | "maintenance"
            | "cancelled"
            | "superseded"
            | "rolled_back"
          updated_at?: string
          updated_by?: string | null
          uptime_percentage?: number | null
        }
        Relationships: [
          {
            foreignKeyName: "client_deployments_client_id_customization_id_fkey"
            columns: ["client_id", "customization_id"]
            isOneToOne: false
            referencedRelation: "client_customizations"
            referencedColumns: ["client_id", "id"]
          },
          {
            foreignKeyName: "client_deployments_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "client_deployments_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "client_deployments_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "client_deployments_deployment_template_id_fkey"
            columns: ["deployment_template_id"]
            isOneToOne: false
            referencedRelation: "deployment_templates"
            referencedColumns: ["id"]
          },
        ]
      }
      client_members: {
        Row: {
          client_id: string
          created_at: string
          created_by: string | null
          made_by_assignment: boolean
          member_role: "manager" | "staff" | "client"
          updated_at: string
          updated_by: string | null
          user_id: string
        }
        Insert: {
          client_id: string
          created_at?: string
          created_by?: string | null
          made_by_assignment?: boolean
          member_role?: "manager" | "staff" | "client"
          updated_at?: string
          updated_by?: string | null
          user_id: string
        }
        Update: {
          client_id?: string
          created_at?: string
          created_by?: string | null
          made_by_assignment?: boolean
          member_role?: "manager" | "staff" | "client"
          updated_at?: string
          updated_by?: string | null
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "client_members_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "client_members_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "client_members_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
        ]
      }
      clients_enhanced: {
        Row: {
          acquisition_source: string | null
          address: Json | null
          annual_revenue: number | null
          archived_at: string | null
          assigned_manager: string | null
          brand_guidelines: Json | null
          budget_range: string | null
          business_goals: string[] | null
          business_size: "startup" | "small" | "medium" | "enterprise" | null
          color_palette: Json | null
          company_name: string | null
          compliance_requirements: string[] | null
          contract_end_date: string | null
          contract_start_date: string | null
          created_at: string
          created_by: string | null
          email: string
          id: string
          industry: string | null
          last_contact_date: string | null
          logo_assets: Json | null
          name: string
          phone: string | null
          preferred_integrations: string[] | null
          project_scope: string | null
          project_type: string | null
          renewal_date: string | null
          status: "active" | "inactive" | "suspended" | "churned"
          target_audience: string | null
          technical_requirements: Json | null
          tier: "standard" | "basic" | "premium" | "enterprise"
          timeline_requirements: string | null
          typography_preferences: Json | null
          updated_at: string
          updated_by: string | null
          visual_identity: Json | null
          website_url: string | null
        }
        Insert: {
          acquisition_source?: string | null
          address?: Json | null
          annual_revenue?: number | null
          archived_at?: string | null
          assigned_manager?: string | null
          brand_guidelines?: Json | null
          budget_range?: string | null
          business_goals?: string[] | null
          business_size?: "startup" | "small" | "medium" | "enterprise" | null
          color_palette?: Json | null
          company_name?: string | null
          compliance_requirements?: string[] | null
          contract_end_date?: string | null
          contract_start_date?: string | null
          created_at?: string
          created_by?: string | null
          email: string
          id?: string
          industry?: string | null
          last_contact_date?: string | null
          logo_assets?: Json | null
          name: string
          phone?: string | null
          preferred_integrations?: string[] | null
          project_scope?: string | null
          project_type?: string | null
          renewal_date?: string | null
          status?: "active" | "inactive" | "suspended" | "churned"
          target_audience?: string | null
          technical_requirements?: Json | null
          tier?: "standard" | "basic" | "premium" | "enterprise"
          timeline_requirements?: string | null
          typography_preferences?: Json | null
          updated_at?: string
          updated_by?: string | null
          visual_identity?: Json | null
          website_url?: string | null
        }
        Update: {
          acquisition_source?: string | null
          address?: Json | null
          annual_revenue?: number | null
          archived_at?: string | null
          assigned_manager?: string | null
          brand_guidelines?: Json | null
          budget_range?: string | null
          business_goals?: string[] | null
          business_size?: "startup" | "small" | "medium" | "enterprise" | null
          color_palette?: Json | null
          company_name?: string | null
          compliance_requirements?: string[] | null
          contract_end_date?: string | null
          contract_start_date?: string | null
          created_at?: string
          created_by?: string | null
          email?: string
          id?: string
          industry?: string | null
          last_contact_date?: string | null
          logo_assets?: Json | null
          name?: string
          phone?: string | null
          preferred_integrations?: string[] | null
          project_scope?: string | null
          project_type?: string | null
          renewal_date?: string | null
          status?: "active" | "inactive" | "suspended" | "churned"
          target_audience?: string | null
          technical_requirements?: Json | null
          tier?: "standard" | "basic" | "premium" | "enterprise"
          timeline_requirements?: string | null
          typography_preferences?: Json | null
          updated_at?: string
          updated_by?: string | null
          visual_identity?: Json | null
          website_url?: string | null
        }
        Relationships: []
      }
      configuration_versions: {
        Row: {
          changed_by: string | null
          client_id: string | null
          content: NonNullable<Json>
          id: string
          operation: "update" | "delete"
          reason: string | null
          revision_from: number
          revision_to: number
          row_id: string
          scope_id: string
          table_name:
            | "system_configurations"
            | "template_configurations"
            | "client_customizations"
            | "deployment_configurations"
          valid_from: string
          valid_to: string
        }
        Insert: {
          changed_by?: string | null
          client_id?: string | null
          content: NonNullable<Json>
          id?: string
          operation: "update" | "delete"
          reason?: string | null
          revision_from: number
          revision_to: number
          row_id: string
          scope_id?: never
          table_name:
            | "system_configurations"
            | "template_configurations"
            | "client_customizations"
            | "deployment_configurations"
          valid_from: string
          valid_to: string
        }
        Update: {
          changed_by?: string | null
          client_id?: string | null
          content?: NonNullable<Json>
          id?: string
          operation?: "update" | "delete"
          reason?: string | null
          revision_from?: number
          revision_to?: number
          row_id?: string
          scope_id?: never
          table_name?:
            | "system_configurations"
            | "template_configurations"
            | "client_customizations"
            | "deployment_configurations"
          valid_from?: string
          valid_to?: string
        }
        Relationships: [
          {
            foreignKeyName: "configuration_versions_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "configuration_versions_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "configuration_versions_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
        ]
      }
      deployment_configurations: {
        Row: {
          application_config: Json | null
          applied_at: string | null
          applied_by: string | null
          applied_configuration: Json | null
          applied_revision: number | null
          backup_config: Json | null
          caching_config: Json | null
          cdn_config: Json | null
          client_id: string
          cors_config: Json | null
          created_at: string
          created_by: string | null
          custom_domain: string | null
          deployment_id: string | null
          deployment_name: string
          deployment_template_id: string | null
          domain_verification: Json | null
          environment: "development" | "staging" | "production"
          environment_variables: Json | null
          feature_flags: Json | null
          hosting_provider: string | null
          id: string
          instance_type: string | null
          monitoring_config: Json | null
          recovery_config: Json | null
          region: string | null
          scaling_config: Json | null
          secret_variables: string[] | null
          security_headers: Json | null
          ssl_config: Json | null
          status: "draft" | "validated" | "applied" | "failed"
          subdomain: string | null
          template_id: string | null
          updated_at: string
          updated_by: string | null
          validation_results: Json | null
          version: number
        }
        Insert: {
          application_config?: Json | null
          applied_at?: string | null
          applied_by?: string | null
          applied_configuration?: Json | null
          applied_revision?: number | null
          backup_config?: Json | null
          caching_config?: Json | null
          cdn_config?: Json | null
          client_id: string
          cors_config?: Json | null
          created_at?: string
          created_by?: string | null
          custom_domain?: string | null
          deployment_id?: string | null
          deployment_name: string
          deployment_template_id?: string | null
          domain_verification?: Json | null
          environment: "development" | "staging" | "production"
          environment_variables?: Json | null
          feature_flags?: Json | null
          hosting_provider?: string | null
          id?: string
          instance_type?: string | null
          monitoring_config?: Json | null
          recovery_config?: Json | null
          region?: string | null
          scaling_config?: Json | null
          secret_variables?: string[] | null
          security_headers?: Json | null
          ssl_config?: Json | null
          status?: "draft" | "validated" | "applied" | "failed"
          subdomain?: string | null
          template_id?: string | null
          updated_at?: string
          updated_by?: string | null
          validation_results?: Json | null
          version?: number
        }
        Update: {
          application_config?: Json | null
          applied_at?: string | null
          applied_by?: string | null
          applied_configuration?: Json | null
          applied_revision?: number | null
          backup_config?: Json | null
          caching_config?: Json | null
          cdn_config?: Json | null
          client_id?: string
          cors_config?: Json | null
          created_at?: string
          created_by?: string | null
          custom_domain?: string | null
          deployment_id?: string | null
          deployment_name?: string
          deployment_template_id?: string | null
          domain_verification?: Json | null
          environment?: "development" | "staging" | "production"
          environment_variables?: Json | null
          feature_flags?: Json | null
          hosting_provider?: string | null
          id?: string
          instance_type?: string | null
          monitoring_config?: Json | null
          recovery_config?: Json | null
          region?: string | null
          scaling_config?: Json | null
          secret_variables?: string[] | null
          security_headers?: Json | null
          ssl_config?: Json | null
          status?: "draft" | "validated" | "applied" | "failed"
          subdomain?: string | null
          template_id?: string | null
          updated_at?: string
          updated_by?: string | null
          validation_results?: Json | null
          version?: number
        }
        Relationships: [
          {
            foreignKeyName: "deployment_configurations_client_id_deployment_id_fkey"
            columns: ["client_id", "deployment_id"]
            isOneToOne: false
            referencedRelation: "client_deployments"
            referencedColumns: ["client_id", "id"]
          },
          {
            foreignKeyName: "deployment_configurations_client_id_deployment_id_fkey"
            columns: ["client_id", "deployment_id"]
            isOneToOne: false
            referencedRelation: "deployment_status_summary"
            referencedColumns: ["client_id", "id"]
          },
          {
            foreignKeyName: "deployment_configurations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "deployment_configurations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "deployment_configurations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "deployment_configurations_deployment_template_id_fkey"
            columns: ["deployment_template_id"]
            isOneToOne: false
            referencedRelation: "deployment_templates"
            referencedColumns: ["id"]
          },
        ]
      }
      deployment_templates: {
        Row: {
          category: string | null
          configuration_template: NonNullable<Json>
          created_at: string
          created_by: string | null
          default_environment: "development" | "staging" | "production"
          default_provider: string | null
          description: string | null
          id: string
          is_featured: boolean
          is_system_template: boolean
          last_used_at: string | null
          optional_variables: string[] | null
          required_variables: string[] | null
          status: "active" | "draft" | "deprecated"
          success_rate: number | null
          supported_environments: string[] | null
          supported_providers: string[] | null
          tags: string[] | null
          template_name: string
          template_type: "basic" | "standard" | "enterprise" | "custom"
          updated_at: string
          updated_by: string | null
          usage_count: number
          use_cases: string[] | null
        }
        Insert: {
          category?: string | null
          configuration_template?: NonNullable<Json>
          created_at?: string
          created_by?: string | null
          default_environment?: "development" | "staging" | "production"
          default_provider?: string | null
          description?: string | null
          id?: string
          is_featured?: boolean
          is_system_template?: boolean
          last_used_at?: string | null
          optional_variables?: string[] | null
          required_variables?: string[] | null
          status?: "active" | "draft" | "deprecated"
          success_rate?: number | null
          supported_environments?: string[] | null
          supported_providers?: string[] | null
          tags?: string[] | null
          template_name: string
          template_type?: "basic" | "standard" | "enterprise" | "custom"
          updated_at?: string
          updated_by?: string | null
          usage_count?: number
          use_cases?: string[] | null
        }
        Update: {
          category?: string | null
          configuration_template?: NonNullable<Json>
          created_at?: string
          created_by?: string | null
          default_environment?: "development" | "staging" | "production"
          default_provider?: string | null
          description?: string | null
          id?: string
          is_featured?: boolean
          is_system_template?: boolean
          last_used_at?: string | null
          optional_variables?: string[] | null
          required_variables?: string[] | null
          status?: "active" | "draft" | "deprecated"
          success_rate?: number | null
          supported_environments?: string[] | null
          supported_providers?: string[] | null
          tags?: string[] | null
          template_name?: string
          template_type?: "basic" | "standard" | "enterprise" | "custom"
          updated_at?: string
          updated_by?: string | null
          usage_count?: number
          use_cases?: string[] | null
        }
        Relationships: []
      }
      deployment_tracking_events: {
        Row: {
          client_id: string
          deployment_id: string
          duration_ms: number | null
          event_details: Json | null
          event_message: string | null
          event_status: "info" | "success" | "failure" | "warning"
          event_timestamp: string
          event_type:
            | "build_started"
            | "build_completed"
            | "deploy_started"
            | "deploy_completed"
            | "health_check"
            | "error"
            | "rollback"
            | "maintenance"
          id: string
          metadata: Json | null
          triggered_by: "system" | "user" | "webhook" | "schedule"
          triggered_by_user: string | null
        }
        Insert: {
          client_id?: string
          deployment_id: string
          duration_ms?: number | null
          event_details?: Json | null
          event_message?: string | null
          event_status?: "info" | "success" | "failure" | "warning"
          event_timestamp?: string
          event_type:
            | "build_started"
            | "build_completed"
            | "deploy_started"
            | "deploy_completed"
            | "health_check"
            | "error"
            | "rollback"
            | "maintenance"
          id?: string
          metadata?: Json | null
          triggered_by?: "system" | "user" | "webhook" | "schedule"
          triggered_by_user?: string | null
        }
        Update: {
          client_id?: string
          deployment_id?: string
          duration_ms?: number | null
          event_details?: Json | null
          event_message?: string | null
          event_status?: "info" | "success" | "failure" | "warning"
          event_timestamp?: string
          event_type?:
            | "build_started"
            | "build_completed"
            | "deploy_started"
            | "deploy_completed"
            | "health_check"
            | "error"
            | "rollback"
            | "maintenance"
          id?: string
          metadata?: Json | null
          triggered_by?: "system" | "user" | "webhook" | "schedule"
          triggered_by_user?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "deployment_tracking_events_client_id_deployment_id_fkey"
            columns: ["client_id", "deployment_id"]
            isOneToOne: false
            referencedRelation: "client_deployments"
            referencedColumns: ["client_id", "id"]
          },
          {
            foreignKeyName: "deployment_tracking_events_client_id_deployment_id_fkey"
            columns: ["client_id", "deployment_id"]
            isOneToOne: false
            referencedRelation: "deployment_status_summary"
            referencedColumns: ["client_id", "id"]
          },
        ]
      }
      system_configurations: {
        Row: {
          client_id: string | null
          configuration_category:
            | "global"
            | "template"
            | "client"
            | "deployment"
          configuration_key: string
          configuration_schema: Json | null
          configuration_value: NonNullable<Json>
          created_at: string
          created_by: string | null
          description: string | null
          environment: "all" | "development" | "staging" | "production"
          id: string
          is_active: boolean
          is_delegated: boolean
          is_encrypted: boolean
          is_system: boolean
          template_id: string | null
          updated_at: string
          updated_by: string | null
          version: number
        }
        Insert: {
          client_id?: string | null
          configuration_category?:
            | "global"
            | "template"
            | "client"
            | "deployment"
          configuration_key: string
          configuration_schema?: Json | null
          configuration_value: NonNullable<Json>
          created_at?: string
          created_by?: string | null
          description?: string | null
          environment?: "all" | "development" | "staging" | "production"
          id?: string
          is_active?: boolean
          is_delegated?: boolean
          is_encrypted?: boolean
          is_system?: boolean
          template_id?: string | null
          updated_at?: string
          updated_by?: string | null
          version?: number
        }
        Update: {
          client_id?: string | null
          configuration_category?:
            | "global"
            | "template"
            | "client"
            | "deployment"
          configuration_key?: string
          configuration_schema?: Json | null
          configuration_value?: NonNullable<Json>
          created_at?: string
          created_by?: string | null
          description?: string | null
          environment?: "all" | "development" | "staging" | "production"
          id?: string
          is_active?: boolean
          is_delegated?: boolean
          is_encrypted?: boolean
          is_system?: boolean
          template_id?: string | null
          updated_at?: string
          updated_by?: string | null
          version?: number
        }
        Relationships: [
          {
            foreignKeyName: "system_configurations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "system_configurations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "system_configurations_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
        ]
      }
      template_configurations: {
        Row: {
          category: string | null
          configuration_schema: NonNullable<Json>
          created_at: string
          created_by: string | null
          default_configuration: NonNullable<Json>
          id: string
          industry_specific: boolean
          is_featured: boolean
          last_used_at: string | null
          optional_fields: string[] | null
          performance_score: number | null
          required_fields: string[] | null
          status: "active" | "draft" | "deprecated" | "archived"
          supported_industries: string[] | null
          tags: string[] | null
          template_id: string
          template_name: string
          template_version: string
          updated_at: string
          updated_by: string | null
          usage_count: number
          validation_enabled: boolean
          validation_rules: Json | null
        }
        Insert: {
          category?: string | null
          configuration_schema?: NonNullable<Json>
          created_at?: string
          created_by?: string | null
          default_configuration?: NonNullable<Json>
          id?: string
          industry_specific?: boolean
          is_featured?: boolean
          last_used_at?: string | null
          optional_fields?: string[] | null
          performance_score?: number | null
          required_fields?: string[] | null
          status?: "active" | "draft" | "deprecated" | "archived"
          supported_industries?: string[] | null
          tags?: string[] | null
          template_id: string
          template_name: string
          template_version: string
          updated_at?: string
          updated_by?: string | null
          usage_count?: number
          validation_enabled?: boolean
          validation_rules?: Json | null
        }
        Update: {
          category?: string | null
          configuration_schema?: NonNullable<Json>
          created_at?: string
          created_by?: string | null
          default_configuration?: NonNullable<Json>
          id?: string
          industry_specific?: boolean
          is_featured?: boolean
          last_used_at?: string | null
          optional_fields?: string[] | null
          performance_score?: number | null
          required_fields?: string[] | null
          status?: "active" | "draft" | "deprecated" | "archived"
          supported_industries?: string[] | null
          tags?: string[] | null
          template_id?: string
          template_name?: string
          template_version?: string
          updated_at?: string
          updated_by?: string | null
          usage_count?: number
          validation_enabled?: boolean
          validation_rules?: Json | null
        }
        Relationships: []
      }
    }
    Views: {
      client_configuration_summary: {
        Row: {
          client_id: string | null
          client_name: string | null
          client_status: "active" | "inactive" | "suspended" | "churned" | null
          company_name: string | null
          deployment_configurations_count: number | null
          next_invoice_date: string | null
          subscription_status:
            | "trial"
            | "active"
            | "suspended"
            | "cancelled"
            | null
          subscription_tier:
            | "basic"
            | "standard"
            | "premium"
            | "enterprise"
            | null
          system_configurations_count: number | null
          tier: "standard" | "basic" | "premium" | "enterprise" | null
        }
        Relationships: []
      }
      client_summary: {
        Row: {
          active_deployments: number | null
          archived_at: string | null
          assigned_manager: string | null
          company_name: string | null
          created_at: string | null
          customizations_count: number | null
          deployments_count: number | null
          email: string | null
          id: string | null
          last_contact_date: string | null
          name: string | null
          renewal_date: string | null
          status: "active" | "inactive" | "suspended" | "churned" | null
          tier: "standard" | "basic" | "premium" | "enterprise" | null
          updated_at: string | null
        }
        Relationships: []
      }
      deployment_status_summary: {
        Row: {
          avg_response_time: string | null
          client_id: string | null
          client_name: string | null
          created_at: string | null
          custom_domain: string | null
          deployed_at: string | null
          deployment_name: string | null
          deployment_type: "production" | "development" | "staging" | null
          deployment_url: string | null
          health_status: "unknown" | "healthy" | "warning" | "critical" | null
          hosting_provider: string | null
          id: string | null
          last_health_check: string | null
          status:
            | "pending"
            | "building"
            | "deploying"
            | "deployed"
            | "failed"
            | "maintenance"
            | "cancelled"
            | "superseded"
            | "rolled_back"
            | null
          updated_at: string | null
          uptime_percentage: number | null
        }
        Relationships: [
          {
            foreignKeyName: "client_deployments_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_configuration_summary"
            referencedColumns: ["client_id"]
          },
          {
            foreignKeyName: "client_deployments_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "client_summary"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "client_deployments_client_id_fkey"
            columns: ["client_id"]
            isOneToOne: false
            referencedRelation: "clients_enhanced"
            referencedColumns: ["id"]
          },
        ]
      }
      template_usage_summary: {
        Row: {
          category: string | null
          customizations_approved: number | null
          customizations_deployed: number | null
          customizations_draft: number | null
          customizations_in_review: number | null
          last_used_at: string | null
          live_deployments: number | null
          performance_score: number | null
          status: "active" | "draft" | "deprecated" | "archived" | null
          template_id: string | null
          template_name: string | null
          template_version: string | null
          usage_count: number | null
        }
        Relationships: []
      }
    }
    Functions: {
      [_ in never]: never
    }
    Enums: {
      [_ in never]: never
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] &
        DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] &
        DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R
      }
      ? R
      : never
    : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I
      }
      ? I
      : never
    : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U
      }
      ? U
      : never
    : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never

export const Constants = {
  public: {
    Enums: {},
  },
} as const
